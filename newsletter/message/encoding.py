"""Bodies with holes: static text encoded once, a reader's own words set in later (RFC 2045 6.7, 6.8).

In both encodings each hole begins and ends at a line of its own, so that what stands around
it never changes; the breaks vanish when the body is decoded.
"""

import binascii
import re
from collections.abc import Mapping, Sequence

WIDTH = 75  # RFC 2045 6.7 (5) allows 76 with the "=" of a soft break
BASE64_WIDTH = 76  # RFC 2045 6.8; 57 bytes
SHORT = 60  # static text below this is encoded together with the holes beside it

Hole = str
Piece = bytes | Hole
"""Static UTF-8 with LF line ends, or the name of a field."""

_UNSAFE = re.compile(rb"[^\t -<>-~]")
_QUOTED = [b"=%02X" % byte if _UNSAFE.match(bytes([byte])) else bytes([byte]) for byte in range(256)]
_PLAIN_FIELD = re.compile(rb"[!-\-/-<>-~][ -<>-~]{0,73}")


def cut(text: str, placeholders: Mapping[str, str]) -> list[Piece]:
    """Return `text` cut at its placeholders ({field name: placeholder}), with LF line ends and its last line ended."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.endswith("\n"):
        text += "\n"
    names = {placeholder: name for name, placeholder in placeholders.items()}
    if not names:
        return [text.encode("utf-8", "replace")]
    parts = re.split("(" + "|".join(map(re.escape, names)) + ")", text)
    pieces: list[Piece] = []
    for number, part in enumerate(parts):
        if number % 2:
            pieces.append(names[part])
        elif part:
            pieces.append(part.encode("utf-8", "replace"))
    return pieces


def body(pieces: Sequence[Piece]) -> "QuotedBody | Base64Body":
    """Return the shorter form: quoted-printable for mostly Latin text, base64 for Japanese."""
    static = b"".join(piece for piece in pieces if isinstance(piece, bytes))
    escapes = len(_UNSAFE.findall(static)) - static.count(b"\n")
    return QuotedBody(pieces) if escapes * 2 <= len(static) / 3 else Base64Body(pieces)


class QuotedBody:
    """Quoted-printable; no line begins with a dot or `From `, so nothing on the way needs to change it."""

    name = "quoted-printable"

    def __init__(self, pieces: Sequence[Piece]) -> None:
        """Encode the static pieces."""
        self._parts = [piece if isinstance(piece, Hole) else _close(quote(piece)) for piece in pieces]

    def set_in(self, values: Mapping[str, bytes]) -> list[Piece]:
        """Return the encoded pieces, with these holes filled and the others left."""
        encoded = {name: quoted_field(value) for name, value in values.items()}
        return [encoded.get(part, part) if isinstance(part, Hole) else part for part in self._parts]

    def fill(self, values: Mapping[str, bytes]) -> list[bytes]:
        """Return the encoded body in pieces to join; `values` are UTF-8 without line ends."""
        encoded = {name: quoted_field(value) for name, value in values.items()}
        return [encoded[part] if isinstance(part, Hole) else part for part in self._parts]


class Base64Body:
    """Base64; a hole shifts what follows by 0, 1 or 2 bytes, so long static text is encoded in all three ways."""

    name = "base64"

    def __init__(self, pieces: Sequence[Piece]) -> None:
        """Encode the long static pieces three times each; keep the short ones with their holes."""
        self._runs: list[tuple[list[Piece], _Static | None]] = []
        loose: list[Piece] = []
        for piece in pieces:
            if isinstance(piece, bytes):
                canonical = piece.replace(b"\n", b"\r\n")
                if len(canonical) >= SHORT:
                    self._runs.append((loose, _Static(canonical)))
                    loose = []
                else:
                    loose.append(canonical)
            else:
                loose.append(piece)
        self._runs.append((loose, None))

    def fill(self, values: Mapping[str, bytes]) -> list[bytes]:
        """Return the encoded body in pieces to join; `values` are UTF-8 without line ends."""
        parts: list[bytes] = []
        carry = b""
        for loose, static in self._runs:
            glue = carry + b"".join([piece if isinstance(piece, bytes) else values[piece] for piece in loose])
            if static is None:
                parts.append(wrap(glue))
                break
            missing = -len(glue) % 3
            parts.append(wrap(glue + static.heads[missing]))
            parts.append(static.middles[missing])
            carry = static.tails[missing]
        return parts


class _Static:
    """A piece of static text encoded for each number of bytes that the hole before it still needs."""

    def __init__(self, data: bytes) -> None:
        self.heads = [data[:missing] for missing in range(3)]
        ends = [len(data) - (len(data) - missing) % 3 for missing in range(3)]
        self.middles = [wrap(data[missing:end]) for missing, end in enumerate(ends)]
        self.tails = [data[end:] for end in ends]


def quote(data: bytes) -> bytes:
    """Return quoted-printable that begins at the first column; the last line is left open."""
    lines = data.split(b"\n")
    quoted = [_quote_line(line, closed=number < len(lines) - 1) for number, line in enumerate(lines)]
    return b"\r\n".join(quoted)


def quoted_field(value: bytes) -> bytes:
    """Return what fills a hole, in lines of its own that vanish when it is decoded."""
    if _PLAIN_FIELD.fullmatch(value) and not value.startswith(b"From "):
        return value + b"=\r\n"
    return _close(quote(value))


def wrap(data: bytes) -> bytes:
    """Return base64 in lines of at most 76 characters, each ended."""
    encoded = binascii.b2a_base64(data, newline=False)
    lines = [encoded[start : start + BASE64_WIDTH] for start in range(0, len(encoded), BASE64_WIDTH)]
    lines.append(b"")
    return b"\r\n".join(lines)


def _quote_line(line: bytes, *, closed: bool) -> bytes:
    rest = b"".join([_QUOTED[byte] for byte in line])
    if closed and rest[-1:] in {b" ", b"\t"}:
        rest = rest[:-1] + b"=%02X" % rest[-1]  # white space before a line end would be lost (RFC 2045 6.7 (3))
    chunks: list[bytes] = []
    while True:
        if rest.startswith((b".", b"From ")):
            rest = b"=%02X" % rest[0] + rest[1:]
        if len(rest) <= WIDTH:
            break
        end = WIDTH
        if b"=" in rest[end - 2 : end]:
            end = rest.rindex(b"=", end - 2, end)  # do not cut an escape in two
        chunks.append(rest[:end])
        rest = rest[end:]
    chunks.append(rest)
    return b"=\r\n".join(chunks)


def _close(quoted: bytes) -> bytes:
    return quoted if not quoted or quoted.endswith(b"\r\n") else quoted + b"=\r\n"
