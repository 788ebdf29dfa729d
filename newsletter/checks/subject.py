"""Subject and preview line say what matters within what a telephone shows of them."""

import unicodedata
from collections.abc import Iterator

from newsletter.checks.material import Material
from newsletter.checks.place import Place
from newsletter.content import IssueText
from newsletter.findings import Finding

MAX_COLUMNS = 60
"""A Japanese character takes two. Two lines of a telephone's list, or one of a desktop program's."""
SHOUTED = 12
"""Capital letters in a row that count as shouting; names and abbreviations are shorter."""


def check(material: Material) -> Iterator[Finding]:
    """Yield a warning for each subject that would be cut, shouts, or is said again by the preview line."""
    for language, text in material.content.texts.items():
        yield from _long(material, language, text)
        letters = [letter for letter in text.subject if letter.isalpha() and letter.isascii()]
        if len(letters) >= SHOUTED and all(letter.isupper() for letter in letters):
            yield material.warning("subject.shouting", language, Place(field="subject"), about=text.subject)
        if text.preheader and text.preheader == text.subject:
            yield material.warning("subject.said_twice", language, Place(field="preheader"), about=text.preheader)


def width(text: str) -> int:
    """Return how many columns a text takes."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _long(material: Material, language: str, text: IssueText) -> Iterator[Finding]:
    columns = width(text.subject)
    if columns > MAX_COLUMNS:
        most = MAX_COLUMNS // 2 if columns > len(text.subject) else MAX_COLUMNS
        told = {"count": len(text.subject), "most": most, "shown": _first(text.subject)}
        yield material.warning("subject.long", language, Place(field="subject"), about=text.subject, **told)


def _first(subject: str) -> str:
    """Return what a telephone shows of a subject."""
    shown = ""
    for character in subject:
        if width(shown + character) > MAX_COLUMNS:
            break
        shown += character
    return shown.rstrip()
