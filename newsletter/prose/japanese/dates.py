"""Dates in Japanese; figures may be full width or kanji."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from newsletter.prose import calendar
from newsletter.prose.japanese import eras, numerals
from newsletter.prose.mention import Mention

DAYS = "月火水木金土日"
_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_HOLIDAY = r"(?:祝日?|休日?|祝前日|振休)"
_WEEKDAY = (
    rf"(?:\s*[（(](?:{_HOLIDAY}[・、,])?(?P<weekday>[月火水木金土日])(?:曜日?)?(?:[・、,／/]?{_HOLIDAY})?[）)]"
    r"|\s?(?P<long>[月火水木金土日])曜日?)?"
)
_NO_DATE = r"(?![間後前目程分以ごほ頃連有あ毎付])"
"""After 日 these make a duration or a distance of it: 3日間, 20日後, 2日目."""
_NUMBER = rf"(?P<number>{_N})日{_NO_DATE}"
_ERA = rf"(?P<era>{eras.NAMES})\s?(?P<reiwa>{eras.YEAR})年"
_ASIDE = rf"(?:[（(](?:\d{{4}}|(?:{eras.NAMES})\s?{eras.YEAR})年[）)])?"
_YEAR = rf"(?:(?:(?P<year>\d{{4}})年|{_ERA}){_ASIDE}\s*)?"
_FULL = re.compile(rf"{_YEAR}(?P<month>{_N})月\s*{_NUMBER}{_WEEKDAY}")
_MORE = re.compile(rf"\s*(?:[〜～~\-–—―・、,，とか]|から|より|及び|および|または|又は|並びに)\s*{_NUMBER}{_WEEKDAY}")
_SLASH = re.compile(r"(?<![\d/])(?P<month>\d{1,2})/(?P<number>\d{1,2})\s*[（(](?P<weekday>[月火水木金土日])[）)]")
_SLASHED = re.compile(r"(?<![\d/.])(?P<year>(?:19|20)\d\d)[/.](?P<month>\d{1,2})[/.](?P<number>\d{1,2})(?![\d/])")
_SHORT_ERA = re.compile(
    rf"(?<![A-Za-zＡ-Ｚ])(?P<era>{eras.LETTERS})(?P<reiwa>\d{{1,2}})[./](?P<month>\d{{1,2}})[./](?P<number>\d{{1,2}})(?!\d)"
)
_ISO = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<number>\d\d)(?!\d)")

_BARE = re.compile(rf"(?<![\d.,，年月第{numerals.KANJI}])(?P<number>\d{{1,2}})日{_NO_DATE}")
_FRACTION = re.compile(r"(?<![\d/.])(?P<month>\d{1,2})/(?P<number>\d{1,2})(?![\d/.])")


def dates(text: str, near: date) -> Iterator[Mention]:
    """Yield every date, in no particular order; a date without a year is the one nearest to `near`."""
    for pattern in (_FULL, _SLASH, _SLASHED, _SHORT_ERA, _ISO):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            year, month = _year(groups), int(numerals.value(match["month"]))
            yield _mention(match, year, month, near, alone=False)
            position = match.end()
            while pattern is _FULL and (more := _MORE.match(text, position)):
                yield _mention(more, year, month, near, alone=True)
                position = more.end()


def days(rest: str, found: Sequence[Mention], near: date) -> Iterator[tuple[date, str]]:
    """Yield what is probably a date: 20日 after a date with a month, and 12/18; `rest` is the text without `found`."""
    for match in _BARE.finditer(rest):
        if day := calendar.day_after(found, match.start(), int(match["number"]), near):
            yield day, match[0]
    for match in _FRACTION.finditer(rest):
        if day := calendar.day(None, int(match["month"]), int(match["number"]), near):
            yield day, match[0]


def _year(groups: dict[str, str | None]) -> int | None:
    if year := groups.get("year"):
        return int(year)
    era, written = groups.get("era"), groups.get("reiwa")
    return eras.year(era, written) if era and written else None


def _mention(match: re.Match[str], year: int | None, month: int, near: date, *, alone: bool) -> Mention:
    groups = match.groupdict()
    weekday = groups.get("weekday") or groups.get("long")
    start = match.start("number") if alone else match.start() + len(match[0]) - len(match[0].lstrip())
    return Mention(
        text=match.string[start : match.end()],
        span=(start, match.end()),
        day=calendar.day(year, month, int(numerals.value(match["number"])), near),
        weekday=DAYS.index(weekday) if weekday else None,
        number_at=match.span("number"),
        month_at=None if alone else match.span("month"),
        year_at=match.span("year") if groups.get("year") else None,
    )
