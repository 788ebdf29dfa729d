"""Dates, times and numbers in Japanese; figures may be full width."""

import re
from collections.abc import Iterator
from datetime import date

from newsletter.prose import calendar
from newsletter.prose.mention import Mention

DAYS = "月火水木金土日"
_REIWA = 2018
"""Reiwa 1 is 2019."""
_UNITS = {"千": 1_000, "万": 10_000, "億": 100_000_000}

_WEEKDAY = (
    r"(?:\s*[（(](?P<weekday>[月火水木金土日])(?:曜日?)?(?:[・、,]?[祝休]日?)?[）)]"
    r"|(?P<long>[月火水木金土日])曜日?)?"
)
_NUMBER = r"(?P<number>\d{1,2})日(?![間後前目])"
_YEAR = r"(?:(?P<year>\d{4})年|令和(?P<reiwa>\d{1,2}|元)年)?"
_FULL = re.compile(rf"{_YEAR}\s*(?P<month>\d{{1,2}})月\s*{_NUMBER}{_WEEKDAY}")
_MORE = re.compile(rf"\s*(?:[〜～~\-–—―・、,とか]|から|より|及び|および|または|又は)\s*{_NUMBER}{_WEEKDAY}")
_SLASH = re.compile(r"(?<![\d/])(?P<month>\d{1,2})/(?P<number>\d{1,2})\s*[（(](?P<weekday>[月火水木金土日])[）)]")
_ISO = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<number>\d\d)(?!\d)")

_CLOCK = re.compile(
    r"(?P<half>午前|午後)?(?:(?P<hour>\d{1,2})時(?!間)(?:(?P<quarter>半)|(?P<minute>\d{1,2})分)?"
    r"|(?P<hour24>[0-2]?\d)[:：](?P<minute24>[0-5]\d))"
)
_MONTH_ALONE = re.compile(r"(?<!\d)(?P<month>\d{1,2})月(?!\s*\d{1,2}日)(?!曜)")
_FIGURE = re.compile(r"(?<![\d.,，])(?:(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?[千万億]*)+")
_TERM = re.compile(r"(?P<figure>[\d,，]+(?:\.\d+)?)(?P<units>[千万億]*)")


def dates(text: str, near: date) -> Iterator[Mention]:
    """Yield every date, in no particular order; a date without a year is the one nearest to `near`."""
    for pattern in (_FULL, _SLASH, _ISO):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            year, month = _year(groups), int(match["month"])
            yield _mention(match, year, month, near, alone=False)
            position = match.end()
            while pattern is _FULL and (more := _MORE.match(text, position)):
                yield _mention(more, year, month, near, alone=True)
                position = more.end()


def times(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield hour, minute (24 hours) and the words of every time of day."""
    for match in _CLOCK.finditer(text):
        hour = int(match["hour"] or match["hour24"])
        late = 12 if match["half"] == "午後" and hour < 12 else 0  # noqa: PLR2004 - noon
        minute = 30 if match["quarter"] else int(match["minute"] or match["minute24"] or 0)
        yield hour + late, minute, match[0]


def without_times(text: str) -> str:
    """Return the text with its times of day blanked."""
    return _CLOCK.sub(" ", text)


def months(text: str) -> Iterator[tuple[int, str]]:
    """Yield the months named without a day."""
    for match in _MONTH_ALONE.finditer(text):
        yield int(match["month"]), match[0]


def numbers(text: str) -> Iterator[tuple[float, str, bool]]:
    """Yield value, words, and True: all are written in figures (「8万」 is 80,000)."""
    for match in _FIGURE.finditer(_MONTH_ALONE.sub(" ", text)):
        yield sum(_term(term) for term in _TERM.finditer(match[0])), match[0], True


def _term(match: re.Match[str]) -> float:
    value = float(match["figure"].replace(",", "").replace("，", ""))
    for unit in match["units"]:
        value *= _UNITS[unit]
    return value


def _year(groups: dict[str, str | None]) -> int | None:
    if year := groups.get("year"):
        return int(year)
    if reiwa := groups.get("reiwa"):
        return _REIWA + (1 if reiwa == "元" else int(reiwa))
    return None


def _mention(match: re.Match[str], year: int | None, month: int, near: date, *, alone: bool) -> Mention:
    groups = match.groupdict()
    weekday = groups.get("weekday") or groups.get("long")
    start = match.start("number") if alone else match.start() + len(match[0]) - len(match[0].lstrip())
    return Mention(
        text=match.string[start : match.end()],
        span=(start, match.end()),
        day=calendar.day(year, month, int(match["number"]), near),
        weekday=DAYS.index(weekday) if weekday else None,
        number_at=match.span("number"),
        month_at=None if alone else match.span("month"),
        year_at=match.span("year") if groups.get("year") else None,
    )
