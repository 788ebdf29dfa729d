"""The words of SMTP that we say, how long to wait for the answers, and messages as DATA takes them; pure."""

import re
from collections.abc import Mapping

from newsletter.delivery.feed import Parcel

DATA = b"DATA\r\n"
RSET = b"RSET\r\n"
QUIT = b"QUIT\r\n"
END = b".\r\n"

# RFC 5321 4.5.3.2; the settings cap them all.
WAITS = {
    "GREETING": 300.0,
    "COMMAND": 300.0,
    "MAIL": 300.0,
    "RCPT": 300.0,
    "DATA": 120.0,
    "BODY": 600.0,
    "EMPTY": 120.0,
    "RSET": 300.0,
    "QUIT": 10.0,
}
"""Seconds to wait for the answer to each step."""

_BARE_LINE_END = re.compile(rb"\r(?!\n)|(?<!\r)\n")


def mail(parcel: Parcel, features: Mapping[str, str]) -> bytes:
    """Return MAIL FROM with the parameters that the server knows and the message needs."""
    size = f" SIZE={len(parcel.data)}" if "SIZE" in features else ""
    utf8 = "" if parcel.recipient.isascii() else " BODY=8BITMIME SMTPUTF8"
    return f"MAIL FROM:<{parcel.sender}>{size}{utf8}\r\n".encode()


def rcpt(parcel: Parcel) -> bytes:
    """Return RCPT TO."""
    return f"RCPT TO:<{parcel.recipient}>\r\n".encode()


def stuffed(data: bytes) -> bytes:
    """Return a message as DATA takes it: CRLF line ends, ended, dots at line starts doubled (RFC 5321 4.5.2)."""
    data = _BARE_LINE_END.sub(b"\r\n", data)
    if not data.endswith(b"\r\n"):
        data += b"\r\n"
    if data.startswith(b"."):
        data = b"." + data
    return data.replace(b"\r\n.", b"\r\n..")
