"""Calendars are what RFC 5545 says, in the words of a parser that is not ours; zones and days are right."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import icalendar
import pytest

from newsletter.archive import calendars
from newsletter.archive.stories import Told
from newsletter.config import Settings
from newsletter.content import Fair, Opening
from tests.newsletter.archive import sample

OUT = datetime(2026, 11, 3, 2, tzinfo=UTC)
DAYS = (date(2026, 11, 13), date(2026, 11, 14))
OPEN = sample.FAIR.model_copy(
    update={
        "zone": "Asia/Bangkok",
        "openings": tuple(Opening(day=day, opens=time(10), closes=time(20)) for day in DAYS),
    }
)


def _entry(fair: Fair, *, language: str = "en", revision: int = 3) -> calendars.Entry:
    told = Told(
        story_id=7,
        language=language,
        revision=revision,
        kind="fair",
        topic="fairs",
        title=fair.texts[language].title,
        summary="",
        slug="fit-fair-in-bangkok",
        status=fair.status,
        starts=fair.starts,
        ends=fair.ends,
        published_at=OUT,
        updated_at=OUT + timedelta(days=1),
    )
    return calendars.Entry(told, fair)


def _events(settings: Settings, fairs: Sequence[Fair], language: str = "en", revision: int = 3) -> list[Any]:
    entries = [_entry(fair, language=language, revision=revision) for fair in fairs]
    parsed = icalendar.Calendar.from_ical(calendars.write(settings, language, "Fairs", entries))
    return list(parsed.walk("VEVENT"))


def test_a_fair_without_hours_is_an_event_of_whole_days_that_ends_on_the_day_after(settings: Settings) -> None:
    (event,) = _events(settings, [sample.FAIR])

    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 11, 13), date(2026, 11, 16))
    assert event["UID"] == "story-7@news.example.org"
    assert event["SEQUENCE"] == 3
    assert event["STATUS"] == "CONFIRMED"
    assert event["LOCATION"] == "Queen Sirikit National Convention Center, Bangkok, Thailand"
    assert event["URL"] == f"{settings.web.base_url}/en/stories/7-fit-fair-in-bangkok/"
    assert event["DESCRIPTION"].startswith("[Sample dates]")


def test_hours_are_told_in_the_fairs_own_zone_which_the_calendar_defines(settings: Settings) -> None:
    first, second = _events(settings, [OPEN])

    written = calendars.write(settings, "en", "Fairs", [_entry(OPEN)]).decode()
    assert first["DTSTART"].dt.astimezone(UTC) == datetime(2026, 11, 13, 3, tzinfo=UTC)
    assert second["DTEND"].dt.astimezone(UTC) == datetime(2026, 11, 14, 13, tzinfo=UTC)
    assert "DTSTART;TZID=Asia/Bangkok:20261113T100000" in written
    assert "BEGIN:VTIMEZONE\r\nTZID:Asia/Bangkok" in written
    assert first["UID"] != second["UID"]


def test_hours_are_right_on_both_sides_of_a_clock_change(settings: Settings) -> None:
    """New York leaves summer time on 1 November 2026."""
    days = (date(2026, 10, 31), date(2026, 11, 1))
    openings = tuple(Opening(day=day, opens=time(9), closes=time(17)) for day in days)
    fair = OPEN.model_copy(update={"zone": "America/New_York", "openings": openings})

    starts = [event["DTSTART"].dt.astimezone(UTC).hour for event in _events(settings, [fair])]

    assert starts == [13, 14]


def test_what_closes_after_midnight_ends_on_the_next_day(settings: Settings) -> None:
    night = Opening(day=DAYS[0], opens=time(18), closes=time(1))

    (event,) = _events(settings, [OPEN.model_copy(update={"openings": (night,)})])

    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(hours=7)


@pytest.mark.parametrize(
    ("status", "told", "title"),
    [
        ("cancelled", "CANCELLED", "Cancelled: "),
        ("postponed", "TENTATIVE", "Postponed: "),
        ("changed", "CONFIRMED", "Details"),
    ],
)
def test_a_calendar_that_has_a_fair_learns_what_became_of_it(
    settings: Settings, status: str, told: str, title: str
) -> None:
    (before,) = _events(settings, [sample.FAIR], revision=3)
    (after,) = _events(settings, [sample.FAIR.model_copy(update={"status": status})], revision=4)

    assert after["STATUS"] == told
    assert after["SUMMARY"].startswith(title)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_text_in_a_calendar_is_never_a_line_of_it(settings: Settings) -> None:
    text = sample.FAIR.texts["en"].model_copy(
        update={"title": "A, b; c\\n\r\nATTENDEE:mailto:x@example.org", "venue": "観" * 90}
    )

    (event,) = _events(settings, [sample.FAIR.model_copy(update={"texts": {"en": text}})])

    assert "ATTENDEE" not in event
    assert event["SUMMARY"].replace("\r\n", "\n") == "A, b; c\\n\nATTENDEE:mailto:x@example.org"
    raw = calendars.write(settings, "en", "Fairs", [_entry(sample.FAIR)])
    assert max(map(len, raw.split(b"\r\n"))) <= 75


def test_an_empty_calendar_is_one(settings: Settings) -> None:
    parsed = icalendar.Calendar.from_ical(calendars.write(settings, "ja", "催し", []))

    assert parsed["X-WR-CALNAME"] == "催し"
    assert parsed.walk("VEVENT") == []
