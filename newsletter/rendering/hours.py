"""Opening hours in lines: days with the same hours together, and whose time it is where that is not ours."""

import itertools
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from newsletter.content import Opening
from newsletter.rendering import dates

_SPAN = {"en": "{:%H:%M} - {:%H:%M}", "ja": "{:%H:%M}〜{:%H:%M}"}
_LINE = {"en": "{days}, {hours}", "ja": "{days}　{hours}"}


def lines(openings: Sequence[Opening], language: str) -> list[str]:
    """Return "10:00 - 21:30" where all days have the same hours, else a line for each run of days."""
    runs = _runs(openings)
    if len({(run[0].opens, run[0].closes) for run in runs}) == 1:
        return [_hours(runs[0][0], language)]
    form = _LINE.get(language, _LINE["en"])
    return [form.format(days=_days(run, language), hours=_hours(run[0], language)) for run in runs]


def is_elsewhere(openings: Sequence[Opening], zone: str, home: str) -> bool:
    """Return whether clocks in `zone` show another time than those of `home` on any of the days."""
    if not zone or zone == home:
        return False
    starts = [datetime.combine(one.day, one.opens) for one in openings]
    return any(_offset(start, zone) != _offset(start, home) for start in starts)


def _runs(openings: Sequence[Opening]) -> list[list[Opening]]:
    """Return openings by neighbouring days of the same hours, in order."""
    ordered = sorted(openings, key=lambda one: (one.day, one.opens))
    return [list(run) for _, run in itertools.groupby(ordered, key=lambda one: (one.opens, one.closes))]


def _hours(opening: Opening, language: str) -> str:
    return _SPAN.get(language, _SPAN["en"]).format(opening.opens, opening.closes)


def _days(run: Sequence[Opening], language: str) -> str:
    first, last = run[0].day, run[-1].day
    text = dates.span(first, last, language)
    return text.removesuffix(f" {last.year}") if language == "en" else text.removeprefix(f"{first.year}年")


def _offset(naive: datetime, zone: str) -> object:
    return naive.replace(tzinfo=ZoneInfo(zone)).utcoffset()
