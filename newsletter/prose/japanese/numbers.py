"""Numbers and months in Japanese."""

import re
from collections.abc import Iterator

from newsletter.prose.japanese import eras, numerals

_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_MONTH_ALONE = re.compile(rf"(?<![\d{numerals.KANJI}])(?P<month>{_N})月(?!\s*{_N}日)(?!曜)")
_ERA_YEAR = re.compile(
    rf"(?:(?P<era>{eras.NAMES})\s?(?P<year>{eras.YEAR})|(?<![A-Za-zＡ-Ｚ])(?P<letter>{eras.LETTERS})(?P<short>\d{{1,2}}))年"
)
_TENTHS = re.compile(r"(?<![\d.,，])(?P<tenths>\d(?:[.．]\d)?)割(?:(?P<hundredths>\d)分)?")
_FIGURE = re.compile(r"(?<![\d.,，])(?:(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:[.．]\d+)?[十百千]*[万億兆]?)+")
_SPOKEN = re.compile(f"[{numerals.KANJI}]+")


def months(text: str) -> Iterator[tuple[int, str]]:
    """Yield the months named without a day."""
    for match in _MONTH_ALONE.finditer(text):
        yield int(numerals.value(match["month"])), match[0]


def numbers(text: str) -> Iterator[tuple[float, str, bool]]:
    """Yield value, words, and whether it is written in figures (「8万」 is 80,000).

    Numbers in kanji may be part of a name (千葉, 三重): they answer the other language and ask nothing of it.
    """
    text = _MONTH_ALONE.sub(" ", text)
    for match in _ERA_YEAR.finditer(text):
        yield eras.year(match["era"] or match["letter"], match["year"] or match["short"]), match[0], True
    text = _ERA_YEAR.sub(" ", text)
    for match in _TENTHS.finditer(text):
        tenths = numerals.value(match["tenths"])
        yield round(tenths * 10 + int(match["hundredths"] or 0), 6), match[0], True
    text = _TENTHS.sub(" ", text)
    for match in _FIGURE.finditer(text):
        yield numerals.value(match[0]), match[0], True
    for match in _SPOKEN.finditer(_FIGURE.sub(" ", text)):
        yield numerals.value(match[0]), match[0], False
