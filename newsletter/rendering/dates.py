"""Dates and times in words, spelled the same way in mails, pages, posts and screens.

English and Japanese have the house's own forms ("Fri 14 - Sun 16 Aug 2026",
「2026年8月14日（金）〜16日（日）」); any other language takes its forms from the CLDR.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import dates as cldr

_EN_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_JA_DAYS = "月火水木金土日"


@dataclass(frozen=True)
class Leaf:
    """A leaf of a wall calendar: the day or days large, the month above and the weekdays below."""

    month: str
    days: str
    weekdays: str


def day(value: date, language: str) -> str:
    """Return "Fri 14 Aug 2026" or 「2026年8月14日（金）」."""
    if language == "en":
        return f"{_en(value)} {value.year}"
    if language == "ja":
        return f"{value.year}年{_ja_month_day(value)}"
    return str(cldr.format_skeleton("yMMMEd", value, locale=language))


def span(start: date, end: date | None, language: str) -> str:
    """Return the days from `start` to `end`, both included, naming month and year once where they are the same.

    Without an end, or with the same one, it is a single day. An end before the start is a ValueError.
    """
    if end is None or end == start:
        return day(start, language)
    if end < start:
        message = f"the last day, {end}, is before the first, {start}"
        raise ValueError(message)
    if language == "en":
        return _en_span(start, end)
    if language == "ja":
        return _ja_span(start, end)
    return str(cldr.format_interval(start, end, "yMMMEd", locale=language))


def period(start: date | None, end: date | None, language: str) -> str:
    """Return a span that may be open: "From Fri 14 Aug 2026", 「2026年8月14日（金）まで」; empty without dates."""
    if start and end:
        return span(start, end, language)
    bound = start or end
    if bound is None:
        return ""
    if language == "ja":
        return f"{day(bound, language)}{'から' if start else 'まで'}"
    if language == "en":
        return f"{'From' if start else 'Until'} {day(bound, language)}"
    return f"{day(bound, language)} –" if start else f"– {day(bound, language)}"


def moment(value: datetime, zone: ZoneInfo, language: str) -> str:
    """Return "Tue 1 Dec 2026, 10:00 Singapore Standard Time" for an aware time, told in `zone`."""
    local = value.astimezone(zone)
    name = cldr.get_timezone_name(local, locale=language)
    if language == "ja":
        return f"{day(local.date(), language)}{local:%H:%M}（{name}）"
    return f"{day(local.date(), language)}, {local:%H:%M} {name}"


def leaves(start: date, end: date | None, language: str) -> tuple[Leaf, ...]:
    """Return the calendar leaves of a span: one, or two where it reaches into another month."""
    last = end or start
    if (start.year, start.month) == (last.year, last.month):
        return (_leaf(start, last, language),)
    return (_leaf(start, start, language), _leaf(last, last, language))


def _leaf(start: date, last: date, language: str) -> Leaf:
    if language == "ja":
        month, weekdays, dash = f"{start.year}年{start.month}月", [_JA_DAYS[d.weekday()] for d in (start, last)], "〜"
        weekdays[-1] += "曜日"  # a lone 日 below a number would be read as part of it
    elif language == "en":
        month, weekdays, dash = _en_month(start), [_EN_DAYS[d.weekday()] for d in (start, last)], " - "
    else:
        month = str(cldr.format_skeleton("yMMM", start, locale=language))
        weekdays, dash = [str(cldr.format_date(d, "EEE", locale=language)) for d in (start, last)], " – "
    if start == last:
        return Leaf(month, str(start.day), weekdays[-1])
    return Leaf(month, f"{start.day}–{last.day}", dash.join(weekdays))


def _en_span(start: date, end: date) -> str:
    if start.year != end.year:
        return f"{day(start, 'en')} - {day(end, 'en')}"
    if start.month != end.month:
        return f"{_en(start)} - {day(end, 'en')}"
    return f"{_EN_DAYS[start.weekday()]} {start.day} - {day(end, 'en')}"


def _ja_span(start: date, end: date) -> str:
    if start.year != end.year:
        return f"{day(start, 'ja')}〜{day(end, 'ja')}"
    if start.month != end.month:
        return f"{day(start, 'ja')}〜{_ja_month_day(end)}"
    return f"{day(start, 'ja')}〜{end.day}日（{_JA_DAYS[end.weekday()]}）"


def _en(value: date) -> str:
    return f"{_EN_DAYS[value.weekday()]} {value.day} {_EN_MONTHS[value.month - 1]}"


def _en_month(value: date) -> str:
    return f"{_EN_MONTHS[value.month - 1]} {value.year}"


def _ja_month_day(value: date) -> str:
    return f"{value.month}月{value.day}日（{_JA_DAYS[value.weekday()]}）"
