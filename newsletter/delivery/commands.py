"""The words of SMTP that we say, how long to wait for the answers, and messages as DATA and BDAT take them; pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

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
    "BLOCK": 180.0,  # until the next bytes of a body leave
    "BODY": 600.0,
    "EMPTY": 120.0,
    "RSET": 300.0,
    "QUIT": 10.0,
}
"""Seconds to wait for the answer to each step."""

_BARE_LINE_END = re.compile(rb"\r(?!\n)|(?<!\r)\n")
_PLAIN = re.compile(r"[!-;=?-~]+")  # printable ASCII without angle brackets
_UNSPEAKABLE = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029<>]")
_NOT_XTEXT = re.compile(r"[^!-*,-<>-~]")  # RFC 3461 4: printable without + and =


@dataclass(frozen=True, slots=True)
class Dialect:
    """What one server understands of what we would say."""

    size: bool = False
    most_bytes: int = 0  # 0: it sets no limit
    utf8: bool = False
    dsn: bool = False  # announced, and wished for

    @classmethod
    def of(cls, features: Mapping[str, str], *, dsn: bool = False) -> "Dialect":
        """Return the dialect of a server by what its EHLO announced."""
        limit = features.get("SIZE", "")
        return cls(
            size="SIZE" in features,
            most_bytes=int(limit) if limit.isascii() and limit.isdigit() else 0,
            utf8="SMTPUTF8" in features and "8BITMIME" in features,  # RFC 6531 3.1 (8) asks for both
            dsn=dsn and "DSN" in features,
        )

    def envelope(self, parcel: Parcel) -> bytes:
        """Return MAIL FROM and RCPT TO together, as pipelining sends them."""
        if self.size and not self.dsn and parcel.recipient.isascii() and parcel.sender.isascii():
            size = len(parcel.data)
            return f"MAIL FROM:<{parcel.sender}> SIZE={size}\r\nRCPT TO:<{parcel.recipient}>\r\n".encode()
        return self.mail(parcel) + self.rcpt(parcel)

    def mail(self, parcel: Parcel) -> bytes:
        """Return MAIL FROM with the parameters that the server knows and the message needs."""
        size = f" SIZE={len(parcel.data)}" if self.size else ""
        utf8 = " BODY=8BITMIME SMTPUTF8" if needs_utf8(parcel) else ""
        named = parcel.sender.partition("@")[0]
        # What returns names the subscription even where the relay has changed the envelope sender (RFC 3461 4.4).
        dsn = f" RET=HDRS ENVID={_xtext(named)}" if self.dsn and named else ""
        return f"MAIL FROM:<{_path(parcel.sender)}>{size}{utf8}{dsn}\r\n".encode()

    def rcpt(self, parcel: Parcel) -> bytes:
        """Return RCPT TO."""
        path = _path(parcel.recipient)
        # A message without a sender asks for no notice (RFC 3461 5.2.7.1 d); UTF-8 is no xtext (RFC 6533 3).
        wished = self.dsn and parcel.sender and path.isascii()
        dsn = f" NOTIFY=FAILURE,DELAY ORCPT=rfc822;{_xtext(path)}" if wished else ""
        return f"RCPT TO:<{path}>{dsn}\r\n".encode()


def is_plain(parcel: Parcel) -> bool:
    """Return whether both addresses are of the ordinary kind: nothing in them needs care."""
    return _PLAIN.fullmatch(parcel.sender + parcel.recipient) is not None


def is_speakable(parcel: Parcel) -> bool:
    """Return whether neither address could end its command and begin another one."""
    return not (_UNSPEAKABLE.search(parcel.recipient) or _UNSPEAKABLE.search(parcel.sender))


def needs_utf8(parcel: Parcel) -> bool:
    """Return whether the envelope cannot be written in ASCII: a local part is not (RFC 6531)."""
    return not (parcel.sender.rpartition("@")[0].isascii() and parcel.recipient.rpartition("@")[0].isascii())


def bdat(size: int) -> bytes:
    """Return the command before a message sent as one last chunk (RFC 3030)."""
    return b"BDAT %d LAST\r\n" % size


def stuffed(data: bytes) -> bytes:
    """Return a message as DATA takes it: CRLF line ends, ended, dots at line starts doubled (RFC 5321 4.5.2)."""
    data = _BARE_LINE_END.sub(b"\r\n", data)
    if not data.endswith(b"\r\n"):
        data += b"\r\n"
    if data.startswith(b"."):
        data = b"." + data
    return data.replace(b"\r\n.", b"\r\n..")


def unstuffed(data: bytes) -> bytes:
    """Return what `stuffed` was given, for BDAT: there dots mean nothing."""
    return data.replace(b"\r\n..", b"\r\n.").removeprefix(b".") if b"\r\n.." in data or data[:1] == b"." else data


def domain_name(name: str) -> str:
    """Return a host's name in ASCII: A-labels for an international one; raise ValueError where it has none."""
    return name if name.isascii() else name.encode("idna").decode("ascii")


def _path(address: str) -> str:
    """Return an address whose domain is in ASCII (RFC 5891); raise ValueError where it cannot be."""
    local, at, domain = address.rpartition("@")
    return address if domain.isascii() else f"{local}{at}{domain_name(domain)}"


def _xtext(text: str) -> str:
    return _NOT_XTEXT.sub(lambda found: "".join(f"+{byte:02X}" for byte in found[0].encode()), text)
