"""Numbers in English words: twenty-five, two hundred and fifty, eighty thousand, half a million."""

import re

ONES = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "a": 1, "an": 1,
}  # fmt: skip
SCALES = {
    "thousand": 1_000, "lakh": 100_000, "million": 1_000_000, "crore": 10_000_000, "billion": 1_000_000_000,
    "trillion": 1_000_000_000_000,
}  # fmt: skip
"""Lakh and crore are what India and Sri Lanka count in."""
_HUNDREDS = {"hundred": 100, "dozen": 12}
_COUNTED = "|".join(word for word in ONES if word not in ("a", "an"))
_UNITS = "|".join([*SCALES, *_HUNDREDS])
_WORD = rf"(?:{_COUNTED}|{_UNITS})"
PHRASE = re.compile(
    rf"\b(?:half\s+a\s+(?P<half>{_UNITS})|(?:an?\s+(?={_UNITS}))?{_WORD}(?:(?:\s+and\s+|\s*-\s*|\s+){_WORD})*)\b",
    re.IGNORECASE,
)


def value(phrase: str) -> float:
    """Return the number that the words of `phrase` say."""
    words = re.findall(r"[a-z]+", phrase.lower())
    if words[:2] == ["half", "a"]:
        return (SCALES | _HUNDREDS)[words[2]] / 2
    total = section = 0.0
    for word in words:
        if word in ONES:
            section += ONES[word]
        elif word in _HUNDREDS:
            section = (section or 1) * _HUNDREDS[word]
        elif word in SCALES:
            total += (section or 1) * SCALES[word]
            section = 0.0
    return total + section
