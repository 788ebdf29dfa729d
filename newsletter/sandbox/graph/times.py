"""How long ago a post was made, in words, and the same for machines."""

from datetime import UTC, datetime

from newsletter.words import Words

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86_400, 604_800


def iso(at: float) -> str:
    """Return the time for a <time> element."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ago(at: float, now: float, say: Words) -> str:
    """Return "Just now", "5 min", "3 h", "2 d", or the date after a week."""
    past = now - at
    if past < MINUTE:
        return say("now")
    if past < HOUR:
        return say("minutes", count=int(past // MINUTE))
    if past < DAY:
        return say("hours", count=int(past // HOUR))
    if past < WEEK:
        return say("days", count=int(past // DAY))
    day = datetime.fromtimestamp(at, UTC)
    return say("date", day=day.day, month=day.month, year=day.year, name=day.strftime("%b"))
