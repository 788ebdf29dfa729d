"""The days of a series: counted out as the rule says, and moved off days on which the office is closed."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from newsletter.config import Settings
from newsletter.config.closed import ClosedSettings
from newsletter.series import Picking, Rhythm, Rule, Wording, closed, days

BEGINS = date(2026, 1, 1)
WORDS = {language: Wording(title="Calendar", subject="Fairs", preheader="All of them") for language in ("en", "ja")}


def rule(rhythm: Rhythm, wish: str = "later", lead: int = 7) -> Rule:
    return Rule.model_validate(
        {"rhythm": rhythm, "at": time(10), "lead_days": lead, "closed": wish, "texts": WORDS, "picking": Picking()}
    )


def between(settings: Settings, one: Rule, first: date, last: date) -> list[str]:
    return [f"{found.day}>{found.moved}" for found in days.planned(settings, one, first, last)]


@pytest.mark.parametrize(
    ("rhythm", "expected"),
    [
        (Rhythm(every="month", nth=1, weekday=0, begins=BEGINS), ["2026-03-02", "2026-04-06"]),
        (Rhythm(every="month", nth=-1, weekday=4, begins=BEGINS), ["2026-03-27", "2026-04-24"]),
        (Rhythm(every="month", day=31, begins=BEGINS), ["2026-03-31", "2026-04-30"]),
        (Rhythm(every="month", day=15, interval=3, begins=date(2026, 1, 20)), []),
        (Rhythm(every="month", day=15, interval=3, begins=BEGINS), ["2026-04-15"]),
        (Rhythm(every="week", weekday=2, interval=4, begins=BEGINS), ["2026-03-04", "2026-04-01", "2026-04-29"]),
    ],
)
def test_a_rule_is_counted_out_as_a_person_would(settings: Settings, rhythm: Rhythm, expected: list[str]) -> None:
    one = rule(rhythm, "stay")

    found = days.planned(settings, one, date(2026, 3, 1), date(2026, 4, 30))

    assert [str(each.day) for each in found] == expected


def test_an_occasion_moves_off_a_weekend_a_holiday_and_a_closure(settings: Settings) -> None:
    own = settings.model_copy(update={"closed": ClosedSettings(days=("2026-08-11/2026-08-12",))})
    one = rule(Rhythm(every="month", day=8, begins=BEGINS))

    # Saturday 8 August 2026; National Day on Sunday is observed on Monday the 10th, then the office's own closure.
    assert between(own, one, date(2026, 8, 1), date(2026, 8, 31)) == ["2026-08-08>2026-08-13"]
    assert between(own, rule(one.rhythm, "earlier"), date(2026, 8, 1), date(2026, 8, 31)) == ["2026-08-08>2026-08-07"]


def test_two_issues_of_a_series_never_fall_on_one_day(settings: Settings) -> None:
    away = settings.model_copy(update={"closed": ClosedSettings(days=("2026-06-01/2026-06-09",))})
    weekly = rule(Rhythm(every="week", weekday=0, begins=BEGINS))

    found = between(away, weekly, date(2026, 6, 1), date(2026, 6, 21))

    assert found == ["2026-06-01>None", "2026-06-08>2026-06-10", "2026-06-15>2026-06-15"]


def test_an_office_that_never_closes_moves_nothing(settings: Settings) -> None:
    open_always = settings.model_copy(update={"closed": ClosedSettings(weekends=False, public_holidays=False)})

    assert not closed.is_closed(open_always, date(2026, 12, 25))
    assert closed.holiday(open_always, date(2026, 12, 25), "en") == ""


def test_the_holiday_is_named_and_a_country_without_known_holidays_has_none(settings: Settings) -> None:
    nowhere = settings.model_copy(update={"office": settings.office.model_copy(update={"country": "AQ"})})

    assert closed.holiday(settings, date(2026, 12, 25), "en") == "Christmas Day"
    assert closed.holiday(nowhere, date(2026, 8, 10), "en") == ""


def test_a_time_that_the_clocks_skip_comes_an_hour_later() -> None:
    zone = ZoneInfo("Europe/London")

    assert days.moment(date(2026, 3, 29), time(1, 30), zone) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "rhythm",
    [
        {"every": "week"},
        {"every": "week", "weekday": 1, "nth": 1},
        {"every": "month"},
        {"every": "month", "nth": 2},
        {"every": "month", "nth": 2, "weekday": 1, "day": 3},
        {"every": "month", "day": 32},
        {"every": "month", "day": 1, "interval": 0},
    ],
)
def test_a_rhythm_that_names_no_day_or_two_is_refused(rhythm: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Rhythm.model_validate({"begins": BEGINS} | rhythm)


@pytest.mark.parametrize("written", ["2026-13-01", "2026-01-05/2026-01-01"])
def test_a_closure_that_is_no_span_of_days_is_refused(written: str) -> None:
    with pytest.raises(ValidationError, match=written.replace("/", ".")):
        ClosedSettings(days=(written,))
