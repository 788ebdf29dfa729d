"""A body with everything set in but one reader's name and token."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Protocol

from newsletter.message import encoding
from newsletter.message.encoding import Base64Body, Hole, Piece, QuotedBody

NAME = "name"
"""The one field whose length differs from reader to reader."""


class Form(Protocol):
    """What is filled in for each reader."""

    name: str  # of the encoding

    def fill(self, name: bytes, token: bytes) -> list[bytes]:
        """Return the encoded body in pieces to join; `name` is UTF-8 without line ends."""


def form(body: QuotedBody | Base64Body, fields: Mapping[str, bytes], stand_in: bytes) -> Form:
    """Return a body whose fields, but for the name, have these values, in which `stand_in` is where the token goes.

    Every token has the length of `stand_in`, and small letters and digits only. So quoted-printable breaks its
    lines at the same places for all of them, and is encoded here once, unless a break falls into the token.
    """
    if isinstance(body, QuotedBody) and all(
        encoding.quoted_field(value).count(stand_in) == value.count(stand_in) for value in fields.values()
    ):
        return _Cut(body.set_in(fields), stand_in)
    return _Whole(body, fields, stand_in)


class _Cut:
    """Quoted-printable, cut where a name or a token goes."""

    name = QuotedBody.name

    def __init__(self, pieces: Sequence[Piece], stand_in: bytes) -> None:
        self._parts: list[bytes] = []
        self._names: list[int] = []
        self._tokens: list[int] = []
        for piece in _joined(pieces):
            if isinstance(piece, Hole):
                self._names.append(len(self._parts))
                self._parts.append(b"")
                continue
            first, *others = piece.split(stand_in)
            self._parts.append(first)
            for other in others:
                self._tokens.append(len(self._parts))
                self._parts += [b"", other]

    def fill(self, name: bytes, token: bytes) -> list[bytes]:
        """Return the pieces; only the name is encoded now."""
        parts = self._parts.copy()
        for place in self._tokens:
            parts[place] = token
        encoded = encoding.quoted_field(name)
        for place in self._names:
            parts[place] = encoded
        return parts


class _Whole:
    """Any body, filled anew for each reader."""

    def __init__(self, body: QuotedBody | Base64Body, fields: Mapping[str, bytes], stand_in: bytes) -> None:
        self.name = body.name
        self._body = body
        self._fields = dict(fields)
        self._stand_in = stand_in

    def fill(self, name: bytes, token: bytes) -> list[bytes]:
        """Return the pieces."""
        values = {field: value.replace(self._stand_in, token) for field, value in self._fields.items()}
        values[NAME] = name
        return self._body.fill(values)


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    for static, group in groupby(pieces, key=lambda piece: isinstance(piece, bytes)):
        if static:
            yield b"".join(piece for piece in group if isinstance(piece, bytes))
        else:
            yield from group
