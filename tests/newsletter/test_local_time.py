"""Wall-clock times become moments, or are refused."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from newsletter import local_time
from newsletter.errors import StateError


def test_an_ordinary_time_is_one_moment() -> None:
    wall = datetime(2026, 12, 1, 10, 0)  # noqa: DTZ001 - a wall clock has no zone

    assert local_time.moment(wall, ZoneInfo("Asia/Singapore")) == datetime(2026, 12, 1, 2, 0, tzinfo=UTC)


def test_a_skipped_time_is_refused() -> None:
    wall = datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001 - a wall clock has no zone

    with pytest.raises(StateError, match="skip"):
        local_time.moment(wall, ZoneInfo("Europe/Berlin"))


def test_a_repeated_time_is_refused() -> None:
    wall = datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001 - a wall clock has no zone

    with pytest.raises(StateError, match="twice"):
        local_time.moment(wall, ZoneInfo("Europe/Berlin"))
