"""What changed inside a text, in pieces that a person can read: kept, gone and new."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

MOST = 3_000
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
    """Return the two texts as one sequence of pieces, by words; where asked, by whole lines.

    Long texts are compared by lines first, and by words only where lines differ.
    """
    if by_line:
        return _joined(_compared(*(_lines_of(f"{text}\n" if text else "") for text in (before, after))))
    if _is_short(before, after):
        return _joined(_compared(_TOKEN.findall(before), _TOKEN.findall(after)))
    return _joined(_refined(_compared(_lines_of(before), _lines_of(after))))


def shortened(found: list[Piece], *, by_line: bool = False) -> list[Piece]:
    """Return pieces with long unchanged parts cut down to what stands around the changes, to whole lines if asked."""
    last = len(found) - 1
    cut = _lines if by_line else _cut
    return [
        Piece("same", cut(piece.text, at_start=place == 0, at_end=place == last)) if piece.kind == "same" else piece
        for place, piece in enumerate(found)
    ]


def _compared(old: list[str], new: list[str]) -> list[Piece]:
    found: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(old[i:j])))
        else:
            found += [Piece("gone", "".join(old[i:j])), Piece("new", "".join(new[k:m]))]
    return found


def _refined(found: list[Piece]) -> list[Piece]:
    """Return lines compared by words where some are gone and others new in their place."""
    finer: list[Piece] = []
    for piece in found:
        if piece.kind == "new" and finer and finer[-1].kind == "gone" and _is_short(finer[-1].text, piece.text):
            gone = finer.pop().text
            finer += _compared(_TOKEN.findall(gone), _TOKEN.findall(piece.text))
        else:
            finer.append(piece)
    return finer


def _is_short(before: str, after: str) -> bool:
    return len(_TOKEN.findall(before)) + len(_TOKEN.findall(after)) <= MOST


def _lines_of(text: str) -> list[str]:
    return text.splitlines(keepends=True)


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
