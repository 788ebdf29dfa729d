"""The subject is short enough to be read whole in a list of mails."""

import unicodedata
from collections.abc import Iterator

from newsletter.checks.material import Material, Place
from newsletter.findings import Finding

MAX_COLUMNS = 70
"""A Japanese character takes two; phones show fewer, desktop programs about this many."""


def check(material: Material) -> Iterator[Finding]:
    """Yield a warning for each subject that would be cut."""
    for language, text in material.content.texts.items():
        columns = width(text.subject)
        if columns > MAX_COLUMNS:
            most = MAX_COLUMNS // 2 if columns > len(text.subject) else MAX_COLUMNS
            yield material.warning(
                "subject.long", language, Place(field="subject"), about=text.subject, count=len(text.subject), most=most
            )


def width(text: str) -> int:
    """Return how many columns a text takes."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
