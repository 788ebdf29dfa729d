"""Times of day in English: 3 pm, 10:30, 10.30am, half past three, noon, 1930 hrs."""

import re
from collections.abc import Iterator

from newsletter.prose import moment
from newsletter.prose.english import numerals
from newsletter.prose.moment import Moment

_HOUR_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_MINUTE_WORDS = "five|ten|twenty-five|twenty five|twenty"
_CLOCK = re.compile(
    r"\b(?:(?P<from>\d{1,2})(?:[:.](?P<from_minute>[0-5]\d))?\s*(?:-|–|—|to|until|till)\s*)?"
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))?\s*(?P<half>[ap])\.?m\b\.?",
    re.IGNORECASE,
)
_HOURS = re.compile(r"(?<![\d.,])(?P<hour>[01]\d|2[0-4])[:.]?(?P<minute>[0-5]\d)\s?(?:hrs?|HRS?)\b\.?")
_CLOCK_24 = re.compile(r"(?<![\d:.,])(?P<hour>[0-2]?\d):(?P<minute>[0-5]\d)\b")
_NOON = re.compile(r"\b(?:(?:12|twelve)\s+)?(?P<noon>noon|midday|midnight)\b", re.IGNORECASE)
_SPOKEN = re.compile(
    rf"\b(?:(?P<share>half|(?:a\s+)?quarter|{_MINUTE_WORDS}|\d{{1,2}})(?:\s+minutes?)?\s+(?P<way>past|to)\s+"
    rf"(?P<hour>{_HOUR_WORDS}|\d{{1,2}})(?:\s+o[’']clock)?|(?P<full>{_HOUR_WORDS}|\d{{1,2}})\s+o[’']clock)"
    r"(?:\s+(?:in\s+the\s+)?(?P<part>morning|afternoon|evening)|\s+(?P<night>at\s+night))?\b",
    re.IGNORECASE,
)
_PATTERNS = (_CLOCK, _HOURS, _NOON, _SPOKEN, _CLOCK_24)
_SMALL_HOURS = 7
"""Written as 3:30, hours up to this one may be those of the afternoon."""


def times(text: str) -> Iterator[Moment]:
    """Yield every time of day."""
    readers = (_ranges, _exact, _named, _told, _colon)
    for pattern, reader in zip(_PATTERNS, readers, strict=True):
        for match in pattern.finditer(text):
            yield from (found for found in reader(match) if found)
        text = pattern.sub(" ", text)


def without_times(text: str) -> str:
    """Return the text with its times of day blanked."""
    for pattern in _PATTERNS:
        text = pattern.sub(" ", text)
    return text


def _ranges(match: re.Match[str]) -> Iterator[Moment | None]:
    late = match["half"].lower() == "p"
    end = moment.of(int(match["hour"]), int(match["minute"] or 0), match[0], late=late)
    yield end
    if match["from"] and end:
        begin = moment.of(int(match["from"]), int(match["from_minute"] or 0), match[0], late=late)
        if begin and (begin.hour, begin.minute) > (end.hour, end.minute):  # "10 to 2 pm"
            begin = moment.of(int(match["from"]), int(match["from_minute"] or 0), match[0], late=False)
        yield begin


def _exact(match: re.Match[str]) -> Iterator[Moment | None]:
    yield Moment(int(match["hour"]) % 24, int(match["minute"]), match[0])


def _named(match: re.Match[str]) -> Iterator[Moment | None]:
    yield Moment(0 if match["noon"].lower() == "midnight" else 12, 0, match[0])


def _told(match: re.Match[str]) -> Iterator[Moment | None]:
    late = {"morning": False, "afternoon": True, "evening": True}.get((match["part"] or "").lower())
    late = True if match["night"] else late
    hour = _number(match["hour"] or match["full"])
    minute = _minute(match["share"].lower()) if match["share"] else 0
    if (match["way"] or "").lower() == "to":
        hour, minute = (hour - 1) or 12, 60 - minute
    yield moment.of(hour, minute, match[0], late=late)


def _colon(match: re.Match[str]) -> Iterator[Moment | None]:
    hour, minute = int(match["hour"]), int(match["minute"])
    if hour <= _SMALL_HOURS and len(match["hour"]) == 1 and hour:
        yield moment.of(hour, minute, match[0])
    elif hour <= 24:  # noqa: PLR2004 - a day's hours
        yield Moment(hour % 24, minute, match[0])


def _minute(share: str) -> int:
    if share == "half":
        return 30
    return 15 if share.endswith("quarter") else _number(share)


def _number(written: str) -> int:
    return int(written) if written.isdecimal() else int(numerals.value(written))
