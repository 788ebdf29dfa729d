"""Rates, windows, groups, quiet hours and the warm-up, on a clock that the test turns."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from math import inf
from random import Random
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from newsletter.config.pace import GroupSettings, PaceSettings, WarmupSettings
from newsletter.pace.even import Even
from newsletter.pace.groups import BACK_OFF_SECONDS, CALM, Group, Groups
from newsletter.pace.quiet import Quiet
from newsletter.pace.warmup import Warmup
from newsletter.pace.window import Window

SINGAPORE, BERLIN = ZoneInfo("Asia/Singapore"), ZoneInfo("Europe/Berlin")
DOCOMO = GroupSettings(name="docomo", domains=("docomo.ne.jp",), connections=2, messages_per_minute=60)


@pytest.mark.parametrize("per_second", [1.0, 10.0, 250.0])
def test_the_pace_is_even_and_saves_up_little(per_second: float) -> None:
    even, permits = Even(per_second), 0
    for millisecond in range(10_000):
        while even.wait(now := 1000 + millisecond / 1000) == 0:
            even.took(now)
            permits += 1

    assert per_second * 10 * 0.95 <= permits <= per_second * 10.1 + 2


def test_a_burst_is_what_was_saved_up_and_no_more() -> None:
    even, permits = Even(1.0, burst=5), 0

    while even.wait(1000.0) == 0:
        even.took(1000.0)
        permits += 1

    assert permits == 6


def test_no_pace_is_no_limit() -> None:
    even = Even(0)
    even.took(0.0)

    assert even.wait(0.0) == 0


def test_no_stretch_of_the_length_of_a_window_holds_more_than_allowed() -> None:
    chance = Random(4)  # noqa: S311 - the same arrivals each time
    window, now, taken = Window(50, 60.0, 0.1), 1000.0, list[float]()
    for _ in range(3000):
        now += chance.expovariate(2.0)
        if window.wait(now) == 0:
            window.took(now)
            taken.append(now)

    assert len(taken) > 500
    assert all(later - first > 60.0 for first, later in zip(taken, taken[50:], strict=False))


def test_a_window_says_when_it_opens_and_keeps_some_for_others() -> None:
    window = Window(10, 3600.0, 10.0)
    window.took(1000.0, 8)

    assert window.wait(1000.0) == 0
    assert window.wait(1000.0, kept=2) == pytest.approx(3610.0)
    assert window.room(1000.0) == 2
    assert window.room(1000.0 + 3611.0) == 10


def test_the_group_of_an_address_is_that_of_its_domain_or_of_one_above() -> None:
    groups = Groups([DOCOMO])

    found = [groups.of(f"a@{domain}") for domain in ("docomo.ne.jp", "x.DOCOMO.ne.jp", "notdocomo.ne.jp", "test")]

    assert [group and group.name for group in found] == ["docomo", "docomo", None, None]


def test_a_group_has_so_many_under_way_and_waits_for_one_to_end() -> None:
    group = Group(GroupSettings(name="two", domains=("a.test",), connections=2))
    group.took(0.0)
    group.took(0.0)

    full = group.wait(0.0)
    group.ended()

    assert (full, group.wait(0.0)) == (inf, 0.0)


def test_a_provider_that_complains_is_left_alone_longer_each_time_and_then_written_to_more_slowly() -> None:
    group = Group(DOCOMO)

    first = group.slow_down(0.0)
    at_once = group.slow_down(1.0)  # the answer to what was under way
    second = group.slow_down(first)

    assert (first, at_once, second) == (BACK_OFF_SECONDS[0], 0.0, BACK_OFF_SECONDS[1])
    assert group.wait(first) == second
    assert group.per_second == 0.25


def test_a_provider_that_is_content_again_gets_its_old_rate_back() -> None:
    group = Group(DOCOMO)
    group.slow_down(0.0)
    group.slow_down(100.0)

    for _ in range(2 * CALM):
        group.accepted()

    assert group.per_second == 1.0


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [("2026-12-01 20:59", False), ("2026-12-01 21:00", True), ("2026-12-02 07:59", True), ("2026-12-02 08:00", False)],
)
def test_quiet_hours_go_over_midnight(moment: str, *, quiet: bool) -> None:
    hours = Quiet(time(21), time(8), SINGAPORE)

    assert hours.holds(datetime.fromisoformat(moment).replace(tzinfo=SINGAPORE)) is quiet


@pytest.mark.parametrize(
    ("evening", "hours"),
    [("2026-03-28 22:00", 9), ("2026-06-01 22:00", 10), ("2026-10-24 22:00", 11)],  # the clocks go on, stay, go back
)
def test_quiet_hours_end_by_the_clock_on_the_wall_also_when_it_is_changed(evening: str, hours: int) -> None:
    begin = datetime.fromisoformat(evening).replace(tzinfo=BERLIN).astimezone(UTC)

    assert Quiet(time(22), time(8), BERLIN).next_change(begin) == begin + timedelta(hours=hours)


def test_quiet_hours_that_end_at_a_time_the_clocks_skip_end_with_the_change() -> None:
    hours = Quiet(time(22), time(2, 30), BERLIN)

    assert hours.next_change(datetime(2026, 3, 29, 0, 0, tzinfo=UTC)) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_a_warm_up_allows_more_each_day_of_the_office_and_then_everything() -> None:
    warmup = Warmup(WarmupSettings(began=date(2026, 11, 30), days=(50, 100)), SINGAPORE)
    first = datetime(2026, 11, 29, 16, 0, tzinfo=UTC)  # midnight in Singapore

    caps = [warmup.cap(first + timedelta(days=day)) for day in range(3)]

    assert caps == [50, 100, None]
    assert warmup.cap(first - timedelta(seconds=1)) == 50


def test_a_preset_fills_in_what_is_not_set() -> None:
    relay = PaceSettings.model_validate({"preset": "microsoft365", "messages_per_day": 500})

    assert (relay.connections, relay.messages_per_minute, relay.messages_per_day) == (3, 30, 500)
    assert relay.group == ()


def test_every_named_plan_grows() -> None:
    for plan in ("slow", "usual"):
        caps = WarmupSettings.model_validate({"plan": plan}).caps
        assert list(caps) == list(accumulate(caps, max))


@pytest.mark.parametrize(
    "wrong",
    [{"quiet_from": "21:00"}, {"quiet_from": "08:00", "quiet_until": "08:00"}, {"group": [DOCOMO, DOCOMO]}],
)
def test_settings_that_cannot_be_meant_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PaceSettings.model_validate(wrong)
