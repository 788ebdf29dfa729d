"""When a fair is open, in words: once where every day is the same, day by day where they differ."""

from zoneinfo import ZoneInfo

from babel import dates as cldr

from newsletter import words
from newsletter.content import Fair, Opening
from newsletter.rendering import dates


def told(fair: Fair, zone: ZoneInfo, language: str) -> str:
    """Return "10:00–20:00 (Bangkok time)" or each day's own; empty where hours are unknown. `zone`: the office's."""
    if not fair.openings:
        return ""
    say = words.load("mail", language)
    spans = {_span(opening) for opening in fair.openings}
    each = say("archive.hours_join").join(
        say("archive.hours_day", day=dates.day(opening.day, language), hours=_span(opening))
        for opening in fair.openings
    )
    place = ZoneInfo(fair.zone) if fair.zone else zone
    city = cldr.get_timezone_location(place, locale=language, return_city=True)
    return say("archive.hours", hours=spans.pop() if len(spans) == 1 else each, city=city)


def _span(opening: Opening) -> str:
    return f"{opening.opens:%H:%M}–{opening.closes:%H:%M}"
