"""What changed inside a text, in pieces that a person can read: kept, gone and new."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

MOST = 6_000
"""Tokens of both texts together that are compared word by word; comparing grows with their product."""
EDGE = 60
"""Characters of unchanged text that are shown on each side of a change."""
GAP = " … "

_TOKEN = re.compile(r"[0-9０-９]+|[^\W\d_぀-ヿ一-鿿々]+|[一-鿿々]+|[ァ-ヿ]+|[ぁ-ゟ]+|\n+|[^\S\n]+|.", re.DOTALL)
"""A number, a word, a run of one Japanese script, blanks, or one other character."""


@dataclass(frozen=True)
class Piece:
    """A part of a text that is in both, only in the older or only in the newer one."""

    kind: Literal["same", "gone", "new"]
    text: str


def pieces(before: str, after: str, *, by_line: bool = False) -> list[Piece]:
    """Return the two texts as one sequence of pieces, by words; by whole lines where asked, or where they are long."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if by_line or len(old) + len(new) > MOST:
        before, after = (f"{text}\n" if by_line and text else text for text in (before, after))
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
        if len(old) + len(new) > MOST:
            return _joined([Piece("gone", before), Piece("new", after)])
    found: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(old[i:j])))
        else:
            found += [Piece("gone", "".join(old[i:j])), Piece("new", "".join(new[k:m]))]
    return _joined(found)


def shortened(found: list[Piece], *, by_line: bool = False) -> list[Piece]:
    """Return pieces with long unchanged parts cut down to what stands around the changes, to whole lines if asked."""
    last = len(found) - 1
    cut = _lines if by_line else _cut
    return [
        Piece("same", cut(piece.text, at_start=place == 0, at_end=place == last)) if piece.kind == "same" else piece
        for place, piece in enumerate(found)
    ]


def _joined(found: list[Piece]) -> list[Piece]:
    """Drop empty pieces, and let a lone blank between two changes go with them, so that phrases stay whole."""
    kept: list[Piece] = []
    for place, piece in enumerate(found):
        between = 0 < place < len(found) - 1
        if piece.kind == "same" and between and piece.text.isspace() and "\n" not in piece.text:
            kept += [Piece("gone", piece.text), Piece("new", piece.text)]
        elif piece.text:
            kept.append(piece)
    return _sorted(kept)


def _sorted(found: list[Piece]) -> list[Piece]:
    """Between two unchanged pieces put everything gone into one piece, and everything new into one after it."""
    result: list[Piece] = []
    gone = new = ""
    for piece in (*found, Piece("same", "")):
        if piece.kind == "gone":
            gone += piece.text
        elif piece.kind == "new":
            new += piece.text
        else:
            result += [Piece("gone", gone), Piece("new", new), piece]
            gone = new = ""
    return [piece for piece in result if piece.text]


def _cut(text: str, *, at_start: bool, at_end: bool) -> str:
    if len(text) <= 2 * EDGE + len(GAP):
        return text
    head = "" if at_start else text[:EDGE].rstrip()
    tail = "" if at_end else text[-EDGE:].lstrip()
    cut = f"{head}{GAP}{tail}"
    return cut.lstrip() if at_start else cut.rstrip() if at_end else cut


def _lines(text: str, *, at_start: bool, at_end: bool) -> str:
    lines = text.splitlines(keepends=True)
    head, tail = [] if at_start else lines[:1], [] if at_end else lines[-1:]
    if len(lines) <= len(head) + len(tail) + 1:  # a gap would take as much room as what it hides
        return text
    return "".join([*head, f"{GAP.strip()}\n", *tail])
