"""Dates written out, for plain text: "Friday 14 to Sunday 16 August 2026"; other languages as everywhere."""

from datetime import date

from newsletter.rendering import dates

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day(value: date, language: str) -> str:
    """Return "Friday 14 August 2026" or 「2026年8月14日（金）」."""
    return f"{_month_day(value)} {value.year}" if language == "en" else dates.day(value, language)


def span(start: date, end: date | None, language: str) -> str:
    """Return the days from `start` to `end`, both included; an end before the start is a ValueError."""
    if end is None or end == start:
        return day(start, language)
    if language != "en" or end < start:
        return dates.span(start, end, language)
    if start.year != end.year:
        first = day(start, language)
    elif start.month != end.month:
        first = _month_day(start)
    else:
        first = f"{_DAYS[start.weekday()]} {start.day}"
    return f"{first} to {day(end, language)}"


def period(start: date | None, end: date | None, language: str) -> str:
    """Return a span that may be open: "Until Wednesday 30 September 2026"; empty without dates."""
    if language != "en":
        return dates.period(start, end, language)
    if start and end:
        return span(start, end, language)
    bound = start or end
    return f"{'From' if start else 'Until'} {day(bound, language)}" if bound else ""


def _month_day(value: date) -> str:
    return f"{_DAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]}"
