"""PDFs that travel with every copy of an edition, encoded once (RFC 2046 5.1.3, RFC 2183)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from newsletter.message import encoding, headers

LONGEST = 300
"""Characters of a name on one line, of at most three octets each: a line may have 998 (RFC 5322 2.1.1)."""
_CHARACTERS = re.compile(rf"(?:%..|[^%]){{1,{LONGEST}}}")


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A PDF and the name under which a reader saves it."""

    name: str
    content: bytes


def around(enclosed: Sequence[Enclosure], boundary: str) -> tuple[bytes, bytes]:
    """Return what opens and what ends a multipart/mixed around a body part; nothing where nothing is enclosed.

    The first begins as a header field and ends at the header of the body part, the second begins after its end.
    """
    if not enclosed:
        return b"", b""
    limit = f"--{boundary}".encode()
    opening = headers.exact("Content-Type", f'multipart/mixed; boundary="{boundary}"') + b"\r\n" + limit + b"\r\n"
    return opening, b"".join((*(limit + _part(one) for one in enclosed), limit, b"--\r\n"))


def _part(one: Enclosure) -> bytes:
    return b"".join(
        (
            b"\r\n",
            headers.exact("Content-Type", "application/pdf"),
            f"Content-Disposition: attachment;\r\n {_named(one.name)}\r\n".encode("ascii"),
            headers.exact("Content-Transfer-Encoding", "base64"),
            b"\r\n",
            encoding.wrap(one.content),
        )
    )


def _named(name: str) -> str:
    """Return the parameter that names a file, in several pieces where a line would be too long (RFC 2231 3 and 4.1)."""
    pieces = _CHARACTERS.findall(quote(name, safe="", errors="replace"))
    if len(pieces) <= 1:
        return f"filename*=UTF-8''{''.join(pieces)}"
    pieces[0] = f"UTF-8''{pieces[0]}"
    return ";\r\n ".join(f"filename*{number}*={piece}" for number, piece in enumerate(pieces))
