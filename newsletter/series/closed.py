"""Whether the office is open on a day: weekends, public holidays of its country, closures of its own."""

from datetime import date
from functools import lru_cache

import holidays

from newsletter.config import Settings

WEEKEND = 5
"""Saturday, the first weekday on which offices rest."""


def is_closed(settings: Settings, day: date) -> bool:
    """Return whether nobody is in the office on that day."""
    closed = settings.closed
    return (
        (closed.weekends and day.weekday() >= WEEKEND)
        or any(first <= day <= last for first, last in closed.spans)
        or (closed.public_holidays and day in _public(settings.office.country, day.year))
    )


def holiday(settings: Settings, day: date, language: str) -> str:
    """Return the name of the public holiday on that day, as far as the kept package knows it; else empty."""
    if not settings.closed.public_holidays:
        return ""
    named = _public(settings.office.country, day.year, _spoken(settings.office.country, language))
    return str(named.get(day, ""))


@lru_cache(maxsize=64)
def _public(country: str, year: int, language: str | None = None) -> dict[date, str]:
    """Return the public holidays of a country and year; a country the package does not know has none."""
    try:
        return dict(holidays.country_holidays(country, years=year, language=language))
    except NotImplementedError:
        return {}


@lru_cache(maxsize=8)
def _spoken(country: str, language: str) -> str | None:
    """Return the package's name of the language it shall use for a country, or None for its usual one."""
    try:
        known = holidays.country_holidays(country).supported_languages
    except NotImplementedError:
        return None
    return next((one for one in known if one.partition("_")[0] == language), None)
