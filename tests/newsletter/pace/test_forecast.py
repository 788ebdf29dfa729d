"""The end of an issue is known beforehand."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from newsletter.config.pace import PaceSettings
from newsletter.pace import forecast
from newsletter.pace.forecast import Load, Span

SINGAPORE = ZoneInfo("Asia/Singapore")
TEN = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)  # 10:00 in Singapore
FIRST, SECOND = date(2026, 12, 1), date(2026, 12, 2)


def predicted(counts: dict[str, int], *others: Load, per_second: float | None = 100.0, **settings: Any) -> Span:
    loads = [*others, Load(TEN, counts)]
    relay = PaceSettings.model_validate({"preset": "none"} | settings)
    span = forecast.predict(relay, SINGAPORE, loads, per_second=per_second)
    assert span is not None
    return span


@pytest.mark.parametrize(
    ("people", "settings", "minutes", "reason"),
    [
        (1200, {"preset": "microsoft365"}, 40, "minute"),
        (6000, {}, 1, "measured"),
        (600, {"messages_per_second": 1}, 10, "minute"),
        (1200, {"preset": "microsoft365", "quiet_from": "10:20", "quiet_until": "11:00"}, 80, "minute"),
    ],
)
def test_the_tightest_limit_decides(people: int, settings: dict[str, Any], minutes: int, reason: str) -> None:
    span = predicted({"": people}, **settings)

    assert (span.begin, span.end, span.reason) == (TEN, TEN + timedelta(minutes=minutes), reason)


def test_what_is_over_the_days_limit_leaves_a_day_later() -> None:
    span = predicted({"": 15_000}, preset="microsoft365")

    assert span.days == {FIRST: 9950, SECOND: 5050}  # 50 are kept for letters
    assert span.reason == "day"


def test_a_warm_up_says_how_many_leave_on_which_day() -> None:
    span = predicted({"": 400}, warmup={"began": "2026-11-30", "days": [50, 100, 250, 500]})

    assert span.days == {FIRST: 100, SECOND: 250, SECOND + timedelta(days=1): 50}
    assert span.reason == "warmup"
    assert span.end.astimezone(SINGAPORE).hour == 9  # when it goes on in the morning


def test_the_slowest_group_decides_and_is_named() -> None:
    span = predicted({"": 500, "docomo": 3000, "gmail": 100}, preset="own")

    assert (span.reason, span.group) == ("group", "docomo")
    assert span.end == TEN + timedelta(minutes=10)


def test_an_issue_that_is_planned_before_it_leaves_first() -> None:
    other = Load(TEN, {"": 300}, mine=False)

    span = predicted({"": 30}, other, preset="microsoft365")

    assert span.begin == TEN + timedelta(minutes=10)
    assert span.reason == "planned"


def test_what_left_before_counts() -> None:
    relay = PaceSettings.model_validate({"preset": "none", "messages_per_hour": 100})
    before = [((TEN - timedelta(minutes=30)).timestamp(), 95)]

    span = forecast.predict(relay, SINGAPORE, [Load(TEN, {"": 10})], sent=before, per_second=100.0)

    assert span is not None
    assert span.begin >= TEN + timedelta(minutes=30)


def test_without_a_measured_rate_a_modest_one_is_assumed() -> None:
    span = predicted({"": 600}, per_second=None)

    assert (span.end - TEN, span.reason) == (timedelta(minutes=1), "assumed")


def test_nobody_takes_no_time_and_too_many_are_said_to_take_too_long() -> None:
    relay = PaceSettings.model_validate({"preset": "google"})

    assert forecast.predict(relay, SINGAPORE, [Load(TEN, {"": 0})]) is None
    assert not predicted({"": 1_000_000}, preset="google").complete
