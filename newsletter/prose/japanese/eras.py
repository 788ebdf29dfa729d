"""Years by era: 令和8年 is 2026."""

from newsletter.prose.japanese import numerals

BEFORE_FIRST = {"令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018, "Ｒ": 2018, "H": 1988, "Ｈ": 1988}
"""The year before the first of each era, which is written 元年."""
NAMES = "令和|平成|昭和"
LETTERS = "[RHＲＨ]"
YEAR = r"(?:\d{1,2}|元|[一二三四五六七八九十]{1,3})"


def year(era: str, written: str) -> int:
    """Return the year of the common era."""
    return BEFORE_FIRST[era] + (1 if written == "元" else int(numerals.value(written)))
