"""The days of a series: its rule counted out, and moved off days on which the office is closed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday  # type: ignore[import-untyped] # the library has no types

from newsletter.config import Settings
from newsletter.series import closed
from newsletter.series.rule import Rhythm, Rule

DAY = timedelta(days=1)
SHORTEST_MONTH = 28


@dataclass(frozen=True)
class Occasion:
    """One day of a series."""

    day: date  # as the rule has it: the name of the day, whatever becomes of it
    moved: date | None  # the day it goes out; none where the office is closed until the next one
    send_at: datetime
    make_at: datetime  # when its issue is made


def planned(settings: Settings, rule: Rule, first: date, last: date) -> list[Occasion]:
    """Return the occasions whose day by the rule lies from `first` to `last`, both included."""

    def is_closed(day: date) -> bool:
        return closed.is_closed(settings, day)

    found: list[Occasion] = []
    for before, day, after in _threes(rule.rhythm, first, last):
        moved = move(day, rule.closed, is_closed, after=before, before=after)
        send_at = moment(moved or day, rule.at, settings.office.zone)
        found.append(Occasion(day, moved, send_at, send_at - timedelta(days=rule.lead_days)))
    return found


def upcoming(settings: Settings, rule: Rule, *, now: datetime, count: int) -> list[Occasion]:
    """Return the next occasions that are still to be sent."""
    today = now.astimezone(settings.office.zone).date()
    months = count * rule.rhythm.interval + 2
    found = planned(settings, rule, today - 31 * DAY, max(today, rule.rhythm.begins) + months * 31 * DAY)
    return [one for one in found if one.send_at > now][:count]


def move(
    day: date, wish: str, is_closed: Callable[[date], bool], *, after: date | None, before: date | None
) -> date | None:
    """Return the open day nearest to `day` in the direction of `wish`, strictly between its neighbours.

    None where there is none, so that two issues of a series never fall on one day.
    """
    if wish == "stay":
        return day
    step = DAY if wish == "later" else -DAY
    limit = before if wish == "later" else after
    found = day
    while is_closed(found):
        found += step
        if found == limit or abs(found - day) > 31 * DAY:
            return None
    return found


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return a time of the wall clock as a moment; one that a clock change skips comes an hour later.

    Nobody can be asked here, and a time shown twice means the first.
    """
    return datetime.combine(day, at, zone).astimezone(UTC)


def _threes(rhythm: Rhythm, first: date, last: date) -> Iterator[tuple[date | None, date, date | None]]:
    """Return each day of the rule in the span with those before and after it."""
    margin = timedelta(days=31 * rhythm.interval + 31)
    days: list[date | None] = [None, *_days(rhythm, first - margin, last + margin), None]
    for (before, day), (_, after) in pairwise(pairwise(days)):
        if day is not None and first <= day <= last:
            yield before, day, after


def _days(rhythm: Rhythm, first: date, last: date) -> list[date]:
    begin, end = (datetime.combine(day, time()) for day in (first, last))
    start = _rule(rhythm, rhythm.begins, 1).after(datetime.combine(rhythm.begins, time()), inc=True)
    # Counting every other week or month begins with the first day that fits, not with the week of `begins`.
    counted = _rule(rhythm, start.date(), rhythm.interval)
    return [found.date() for found in counted.between(begin, end, inc=True)]


def _rule(rhythm: Rhythm, begins: date, interval: int) -> Any:
    begin = datetime.combine(begins, time())
    if rhythm.every == "week" and rhythm.weekday is not None:
        return rrule(WEEKLY, dtstart=begin, interval=interval, byweekday=rhythm.weekday)
    if rhythm.day is not None:  # of the days up to it that the month has, the last
        days = range(min(rhythm.day, SHORTEST_MONTH), rhythm.day + 1)
        return rrule(MONTHLY, dtstart=begin, interval=interval, bymonthday=list(days), bysetpos=-1)
    named = weekday(rhythm.weekday or 0, rhythm.nth)
    return rrule(MONTHLY, dtstart=begin, interval=interval, byweekday=named)
