"""Numbers and months in English."""

import re
from collections.abc import Iterator

from newsletter.prose.english import names, numerals

_SURE_MONTHS = "|".join(name for name in names.MONTHS if name != "May")  # "May" may be a verb
_SHORT = "|".join(names.SHORT_MONTHS)
_MONTH_ALONE = re.compile(
    rf"\b(?:(?P<month>{_SURE_MONTHS})|(?:in|of|since|until|from|by|early|mid|late|end|next|last)[ -](?P<may>May)"
    rf"|(?P<short>{_SHORT})\.?(?=\s+(?:19|20)\d\d\b|\s?[-–—]\s?(?:{_SHORT})))\b"
)
_SCALE = "|".join([*numerals.SCALES, "dozen", "hundred"])
_FIGURE = re.compile(
    r"(?<![\d.,])(?P<money>(?:[$£€¥₹]|\bRs\.?\s?))?(?P<figure>\d{1,3}(?:,\d{2,3})+|\d+)(?P<part>\.\d+)?"
    rf"(?:[\s-]+(?P<scale>{_SCALE})s?\b|(?P<letter>k|K|m|bn|M)\b)?"
)
_LETTERS = {"k": 1_000, "m": 1_000_000, "bn": 1_000_000_000}


def months(text: str) -> Iterator[tuple[int, str]]:
    """Yield the months named without a day."""
    for match in _MONTH_ALONE.finditer(text):
        yield names.month(match["month"] or match["may"] or match["short"]), match[0]


def numbers(text: str) -> Iterator[tuple[float, str, bool]]:
    """Yield value, words, and whether it is written in figures (a number in words may be a manner of speaking)."""
    for match in _FIGURE.finditer(text):
        value = float(match["figure"].replace(",", "") + (match["part"] or ""))
        yield round(value * _scale(match), 6), match[0], True
    for match in numerals.PHRASE.finditer(_FIGURE.sub(" ", text)):
        yield numerals.value(match[0]), match[0], False


def _scale(match: re.Match[str]) -> int:
    if scale := match["scale"]:
        return {**numerals.SCALES, "dozen": 12, "hundred": 100}[scale]
    letter = (match["letter"] or "").lower()
    counted = letter == "k" or (letter and match["money"])  # 5m are metres unless they are paid
    return _LETTERS[letter] if counted else 1
