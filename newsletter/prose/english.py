"""Dates, times and numbers in English."""

import re
from collections.abc import Iterator
from datetime import date

from newsletter.prose import calendar
from newsletter.prose.mention import Mention

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WORDS = {
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "thousand": 1000,
}  # fmt: skip
_SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}

_DAY_NAMES = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in DAYS) + "|Tues|Thurs?"
_SHORT_MONTHS = "|".join(name[:3] for name in MONTHS) + "|Sept"
_DAY_NAME = rf"(?:(?P<weekday>{_DAY_NAMES})\b\.?,?\s+(?:the\s+)?)?"
_MONTH = rf"(?P<month>(?:{'|'.join(MONTHS)})\b|(?:{_SHORT_MONTHS})\b\.?)"
_NUMBER = r"(?P<number>[0-3]?\d)(?:st|nd|rd|th)?(?!\d)"
_YEAR = r"(?:,?\s+(?P<year>(?:19|20)\d\d)\b)?"
_TO = r"\s*(?:-|–|—|\bto\b|\buntil\b|\bthrough\b)\s*"
_OR = r"\s*(?:-|–|—|\bto\b|\buntil\b|\bthrough\b|\band\b|\bor\b|&)\s*"

_DAY_FIRST = re.compile(rf"\b{_DAY_NAME}{_NUMBER}\s+(?:of\s+)?{_MONTH}{_YEAR}")
_MONTH_FIRST = re.compile(rf"\b{_DAY_NAME}{_MONTH}\s+{_NUMBER}(?![:.]\d){_YEAR}")
_BEFORE = re.compile(rf"\b{_DAY_NAME}{_NUMBER}{_OR}$")  # "18 to" before "20 December"
_AFTER = re.compile(rf"{_TO}{_DAY_NAME}{_NUMBER}{_YEAR}")  # "–20" after "December 18"
_ISO = re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<number>\d\d)\b")

LONGEST_DAY = 40
"""Characters that "Wednesday the 18th until" may take before the date that names the month."""

_CLOCK = re.compile(
    r"\b(?:(?P<from>\d{1,2})(?::(?P<from_minute>\d\d))?\s*(?:-|–|—|to)\s*)?"
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\s*(?P<half>[ap])\.?m\b\.?",
    re.IGNORECASE,
)
_CLOCK_24 = re.compile(r"\b(?P<hour>[0-2]?\d):(?P<minute>[0-5]\d)\b")
_SURE_MONTHS = "|".join(name for name in MONTHS if name != "May")  # "May" may be a verb
_MONTH_ALONE = re.compile(
    rf"\b(?:(?P<month>{_SURE_MONTHS})|(?:in|of|since|until|from|by|early|mid|late)[ -](?P<may>May))\b"
)
_FIGURE = re.compile(
    r"(?<![\d.,])(?P<figure>\d{1,3}(?:,\d{3})+|\d+)(?P<part>\.\d+)?(?:\s+(?P<scale>thousand|million|billion)\b)?"
)
_WORD = re.compile(r"\b(" + "|".join(_WORDS) + r")\b", re.IGNORECASE)


def dates(text: str, near: date) -> Iterator[Mention]:
    """Yield every date, in no particular order; a date without a year is the one nearest to `near`."""
    for match in _DAY_FIRST.finditer(text):
        year, month = _year(match), _month(match["month"])
        yield _mention(match, year, month, near, alone=False)
        if before := _BEFORE.search(text, max(0, match.start() - LONGEST_DAY), match.start()):
            yield _mention(before, year, month, near, alone=True)
    rest = _DAY_FIRST.sub(lambda match: " " * len(match[0]), text)
    for match in _MONTH_FIRST.finditer(rest):
        after = _AFTER.match(rest, match.end())
        year, month = _year(match) or (_year(after) if after else None), _month(match["month"])
        yield _mention(match, year, month, near, alone=False)
        if after:
            yield _mention(after, year, month, near, alone=True)
    for match in _ISO.finditer(rest):
        yield _mention(match, _year(match), int(match["month"]), near, alone=False)


def times(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield hour, minute (24 hours) and the words of every time of day."""
    for match in _CLOCK.finditer(text):
        late = 12 if match["half"].lower() == "p" else 0
        end = int(match["hour"]) % 12 + late
        yield end, int(match["minute"] or 0), match[0]
        if match["from"]:
            begin = int(match["from"]) % 12 + late
            yield begin if begin <= end else begin - 12, int(match["from_minute"] or 0), match[0]
    for match in _CLOCK_24.finditer(_CLOCK.sub(" ", text)):
        yield int(match["hour"]), int(match["minute"]), match[0]


def without_times(text: str) -> str:
    """Return the text with its times of day blanked."""
    return _CLOCK_24.sub(" ", _CLOCK.sub(" ", text))


def months(text: str) -> Iterator[tuple[int, str]]:
    """Yield the months named without a day."""
    for match in _MONTH_ALONE.finditer(text):
        yield _month(match["month"] or match["may"]), match[0]


def numbers(text: str) -> Iterator[tuple[float, str, bool]]:
    """Yield value, words, and whether it is written in figures (a number in words may be a manner of speaking)."""
    for match in _FIGURE.finditer(text):
        value = float(match["figure"].replace(",", "") + (match["part"] or ""))
        yield value * _SCALES.get(match["scale"] or "", 1), match[0], True
    for match in _WORD.finditer(text):
        yield _WORDS[match[0].lower()], match[0], False


def _mention(match: re.Match[str], year: int | None, month: int, near: date, *, alone: bool) -> Mention:
    groups = match.groupdict()
    weekday = groups.get("weekday")
    number = match["number"]
    start = match.start("weekday") if weekday else min(match.start(name) for name, value in groups.items() if value)
    end = max(match.end(name) for name, value in groups.items() if value)
    return Mention(
        text=match.string[start:end],
        span=(start, end),
        day=calendar.day(year, month, int(number), near),
        weekday=_weekday(weekday) if weekday else None,
        number_at=match.span("number"),
        month_at=None if alone else match.span("month"),
        year_at=match.span("year") if groups.get("year") else None,
    )


def _year(match: re.Match[str]) -> int | None:
    return int(match["year"]) if match["year"] else None


def _month(name: str) -> int:
    return next(index for index, month in enumerate(MONTHS, start=1) if month[:3] == name[:3])


def _weekday(name: str) -> int:
    return next(index for index, day in enumerate(DAYS) if day[:3] == name[:3])
