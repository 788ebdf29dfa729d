"""Opening hours as a reader would tell them, and whose clock they mean."""

from datetime import date, time

import pytest

from newsletter.content import Opening
from newsletter.rendering import hours, places


def _openings(*closes: int) -> list[Opening]:
    return [Opening(day=date(2026, 8, 14 + at), opens=time(10), closes=time(hour)) for at, hour in enumerate(closes)]


@pytest.mark.parametrize(("language", "line"), [("en", "10:00 - 20:00"), ("ja", "10:00〜20:00")])
def test_the_same_hours_on_all_days_are_said_once(language: str, line: str) -> None:
    assert hours.lines(_openings(20, 20, 20), language) == [line]


def test_days_with_other_hours_have_a_line_of_their_own() -> None:
    assert hours.lines(_openings(20, 20, 18), "en") == [
        "Fri 14 - Sat 15 Aug, 10:00 - 20:00",
        "Sun 16 Aug, 10:00 - 18:00",
    ]
    assert hours.lines(_openings(20, 18), "ja") == [
        "8月14日（金）　10:00〜20:00",
        "8月15日（土）　10:00〜18:00",
    ]


def test_no_hours_are_no_line() -> None:
    assert hours.lines([], "en") == []


@pytest.mark.parametrize(
    ("zone", "elsewhere"), [("Asia/Bangkok", True), ("Asia/Singapore", False), ("Asia/Brunei", False), ("", False)]
)
def test_a_clock_is_named_only_where_it_shows_another_time(zone: str, *, elsewhere: bool) -> None:
    assert hours.is_elsewhere(_openings(20), zone, "Asia/Singapore") is elsewhere


@pytest.mark.parametrize(
    ("city", "code", "language", "told"),
    [
        ("Bangkok", "TH", "en", "Bangkok, Thailand"),
        ("バンコク", "TH", "ja", "タイ・バンコク"),
        ("Singapore", "SG", "en", "Singapore"),
        ("", "VN", "en", "Vietnam"),
        ("Bangkok", None, "en", "Bangkok"),
    ],
)
def test_a_city_is_told_with_its_country_once(city: str, code: str | None, language: str, told: str) -> None:
    assert places.town(city, code, language) == told
