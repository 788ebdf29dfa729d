"""The forms of a message that are signed: relaxed header fields and a simple body (RFC 6376 3.4).

Our bodies are base64 or quoted-printable without white space at line ends, so a relaxed body would
forgive nothing that happens on the way, and it would cost a pass over every byte.
"""

import hashlib
import re
from functools import lru_cache

NAMED = "relaxed/simple"

_FIELD_END = re.compile(rb"\r\n(?![ \t])")
_RUNS = re.compile(rb"[ \t]{2,}|\t")
_LINE_END = b"\r\n"
_HEADER_END = b"\r\n\r\n"


def parts(message: bytes) -> tuple[list[bytes], int]:
    """Return the raw header fields of a message, without their line ends, and where its body begins.

    Raises ValueError for a message without an empty line after its header.
    """
    end = message.index(_HEADER_END)
    return _FIELD_END.split(message[:end]), end + len(_HEADER_END)


@lru_cache(maxsize=512)
def field(raw: bytes) -> tuple[bytes, bytes]:
    """Return the lower-case name of a header field and its relaxed form with a line end (RFC 6376 3.4.2).

    Remembers the fields that every reader of an edition gets alike.
    """
    name, _, value = raw.partition(b":")
    name = name.rstrip(b" \t").lower()
    value = value.replace(_LINE_END, b"")
    if b"  " in value or b"\t" in value:
        value = _RUNS.sub(b" ", value)
    return name, b"%b:%b\r\n" % (name, value.strip(b" \t"))


def body_hash(message: bytes, start: int) -> bytes:
    """Return the SHA-256 of the body in its simple form: with one line end at its end (RFC 6376 3.4.3)."""
    stop = len(message)
    while message.endswith(_HEADER_END, start, stop):
        stop -= len(_LINE_END)
    hashed = hashlib.sha256(memoryview(message)[start:stop])
    if not message.endswith(_LINE_END, start, stop):
        hashed.update(_LINE_END)
    return hashed.digest()
