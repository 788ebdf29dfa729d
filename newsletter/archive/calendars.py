"""Fairs for readers' calendars (RFC 5545): one file a fair, and calendars to subscribe to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from newsletter import urls, words
from newsletter.archive.stories import Told
from newsletter.config import Settings
from newsletter.content import Fair, FairText, Opening

MEDIA_TYPE = "text/calendar; charset=utf-8"
KEPT = timedelta(days=366)
"""How long a fair that is over stays in the calendars to subscribe to."""
REFRESH = timedelta(hours=6)
_STATUS = {"planned": "CONFIRMED", "changed": "CONFIRMED", "postponed": "TENTATIVE", "cancelled": "CANCELLED"}


@dataclass(frozen=True)
class Entry:
    """A published fair with what it says."""

    told: Told
    fair: Fair

    @property
    def text(self) -> FairText:
        """Return its words."""
        return self.fair.texts[self.told.language]


def write(settings: Settings, language: str, title: str, entries: Iterable[Entry]) -> bytes:
    """Return a calendar of fairs; each day's hours are told in the fair's own zone, a fair without hours by its days.

    An entry keeps its UID in every language and calendar, and its SEQUENCE is the story's published revision, so
    that a calendar which has it learns of every change (RFC 5545 3.8.7.4).
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.publication.list_id}//Newsletter//{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    for entry in entries:
        for event in _events(settings, entry):
            calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _events(settings: Settings, entry: Entry) -> Iterator[Event]:
    """Return one event for all days, or one for each day whose hours are known."""
    fair = entry.fair
    uid = f"story-{entry.told.story_id}@{settings.publication.list_id}"
    if fair.openings:
        zone = ZoneInfo(fair.zone) if fair.zone else settings.office.zone
        several = len(fair.openings) > 1
        for opening in fair.openings:
            event = _event(settings, entry, f"{opening.day:%Y%m%d}-{uid}" if several else uid)
            begins, ends = _hours(opening, zone)
            event.add("dtstart", begins)
            event.add("dtend", ends)
            yield event
        return
    first = fair.starts or fair.ends
    if first is not None:
        event = _event(settings, entry, uid)
        event.add("dtstart", first)
        event.add("dtend", (fair.ends or first) + timedelta(days=1))  # the day after the last (3.6.1)
        event.add("transp", "TRANSPARENT")  # a day with a fair in it is still free
        yield event


def _event(settings: Settings, entry: Entry, uid: str) -> Event:
    told, text = entry.told, entry.text
    say = words.load("mail", told.language)
    state = "" if told.status in {"", "planned"} else say(f"status.{told.status}")
    event = Event()
    event.add("uid", uid)
    event.add("sequence", told.revision)
    event.add("dtstamp", told.updated_at.astimezone(UTC))
    event.add("created", told.published_at.astimezone(UTC))
    event.add("last-modified", told.updated_at.astimezone(UTC))
    event.add("status", _STATUS[told.status or "planned"])
    event.add("summary", f"{state}{say('colon')}{text.title}" if state else text.title)
    if place := say("comma").join(part for part in (text.venue, text.city) if part):
        event.add("location", place)
    event.add("description", "\n".join(_description(settings, entry)))
    event.add("url", urls.story_page(settings, told.language, told.story_id, told.slug))
    return event


def _description(settings: Settings, entry: Entry) -> Iterator[str]:
    """Return what the event says besides: sample dates are called so here too."""
    told, text = entry.told, entry.text
    say = words.load("mail", told.language)
    if entry.fair.sample:
        yield f"[{say('sample')}]"
    if text.summary:
        yield text.summary
    for name, value in (("hours", text.hours), ("booth", text.booth), ("organiser", text.organiser)):
        if value:
            yield f"{say(f'fact.{name}')}{say('colon')}{value}"
    yield urls.story_page(settings, told.language, told.story_id, told.slug)


def _hours(opening: Opening, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when a day begins and ends; what closes before it opens closes after midnight."""
    begins = datetime.combine(opening.day, opening.opens, zone)
    ends = datetime.combine(opening.day, opening.closes, zone)
    return begins, ends if ends > begins else datetime.combine(_next(opening.day), opening.closes, zone)


def _next(day: date) -> date:
    return day + timedelta(days=1)
