"""PDFs that travel with every copy of an edition, encoded once (RFC 2046 5.1.3, RFC 2183)."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from newsletter.message import encoding, headers


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
    named = quote(one.name, safe="")  # RFC 2231 4; one long line is allowed up to 998 octets
    return b"".join(
        (
            b"\r\n",
            headers.exact("Content-Type", "application/pdf"),
            f"Content-Disposition: attachment;\r\n filename*=UTF-8''{named}\r\n".encode("ascii"),
            headers.exact("Content-Transfer-Encoding", "base64"),
            b"\r\n",
            encoding.wrap(one.content),
        )
    )
