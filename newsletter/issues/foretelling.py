"""What is predicted of an issue's mail, in sentences for the desk, the command line and letters."""

from datetime import datetime
from math import ceil
from zoneinfo import ZoneInfo

from newsletter import words
from newsletter.pace import forecast
from newsletter.pace.forecast import Span
from newsletter.rendering import dates

MOST_DAYS = 7
"""Days that are named."""
SHORT_SECONDS = 600


def sentences(span: Span, zone: ZoneInfo, language: str) -> list[str]:
    """Return from when to about when the mail leaves, how many on which day if it takes several, and why."""
    say = words.load("newsroom", language)
    because = say(f"leaving_because.{span.reason}", group=span.group)
    if not span.complete:
        return [say("leaving.endless"), because]
    begin, end = span.begin.astimezone(zone), forecast.rounded(span.end).astimezone(zone)
    seconds = (span.end - span.begin).total_seconds()
    if len(span.days) > 1 or begin.date() != end.date():
        return [_over_days(span, zone, language), *_days(span, language), because]
    if seconds <= SHORT_SECONDS:
        minutes = max(1, ceil(seconds / 60))
        return [say("leaving.soon", begin=f"{begin:%H:%M}", minutes=minutes), because]
    return [say("leaving.day", begin=f"{begin:%H:%M}", end=f"{end:%H:%M}"), because]


def _over_days(span: Span, zone: ZoneInfo, language: str) -> str:
    say = words.load("newsroom", language)
    begin, end = span.begin.astimezone(zone), forecast.rounded(span.end).astimezone(zone)
    told = {name: _moment(at, language) for name, at in (("begin", begin), ("end", end))}
    if len(span.days) > 1:
        return say("leaving.days", count=len(span.days), **told)
    return say("leaving.day", **told)


def _moment(local: datetime, language: str) -> str:
    return f"{dates.day(local.date(), language)}{'' if language == 'ja' else ', '}{local:%H:%M}"


def _days(span: Span, language: str) -> list[str]:
    say = words.load("newsroom", language)
    if len(span.days) < 2:  # noqa: PLR2004 - one day needs no list
        return []
    named = [
        say("leaving.one_day", day=dates.day(day, language), number=f"{number:,}")
        for day, number in sorted(span.days.items())[:MOST_DAYS]
    ]
    further = len(span.days) - len(named)
    return [*named, say("leaving.more", count=further)] if further else named
