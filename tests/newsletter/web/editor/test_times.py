"""Send times as an editor gives them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from newsletter.models import Issue
from newsletter.web.editor import times
from newsletter.web.editor.times import TimeRefusedError

SINGAPORE = ZoneInfo("Asia/Singapore")
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_day_and_a_time_are_those_of_the_offices_wall_clock() -> None:
    moment = times.read("2026-12-01", " 10:00 ", SINGAPORE, now=NOW, printed=date(2026, 12, 1))

    assert moment == datetime(2026, 12, 1, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "clock", "zone", "printed", "reason"),
    [
        ("", "10:00", SINGAPORE, None, "no_time"),
        ("2026-12-01", "", SINGAPORE, None, "no_time"),
        ("2026-13-01", "10:00", SINGAPORE, None, "no_time"),
        ("1 Dec", "10:00", SINGAPORE, None, "no_time"),
        ("2026-12-01", "25:00", SINGAPORE, None, "no_time"),
        ("2026-12-01", "10:00:00; DROP", SINGAPORE, None, "no_time"),
        ("2026-03-29", "02:30", BERLIN, None, "clock_change"),  # skipped in spring
        ("2026-10-25", "02:30", BERLIN, None, "clock_change"),  # twice in autumn
        ("2026-02-28", "10:00", SINGAPORE, None, "past"),
        ("2026-12-02", "10:00", SINGAPORE, date(2026, 12, 1), "other_day"),
    ],
)
def test_a_time_that_cannot_be_used_is_refused_with_its_reason(
    day: str, clock: str, zone: ZoneInfo, printed: date | None, reason: str
) -> None:
    with pytest.raises(TimeRefusedError) as refusal:
        times.read(day, clock, zone, now=NOW, printed=printed)

    assert refusal.value.reason == reason


def test_the_printed_day_is_the_one_that_ends_with_what_is_frozen() -> None:
    midnight = datetime(2026, 12, 2, tzinfo=SINGAPORE)
    issue = Issue(state="approved", frozen_until=midnight)

    assert times.printed_day(issue, SINGAPORE) == date(2026, 12, 1)
    assert times.printed_day(Issue(frozen_until=None), SINGAPORE) is None
    assert not times.is_over(issue, now=datetime(2026, 12, 1, 15, 59, tzinfo=UTC))
    assert times.is_over(issue, now=datetime(2026, 12, 1, 16, 0, tzinfo=UTC))
    assert not times.is_over(Issue(state="closed", frozen_until=midnight), now=datetime(2027, 1, 1, tzinfo=UTC))
