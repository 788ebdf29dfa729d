"""The sample's dates move by whole weeks, in fields and in prose, and stay ahead of the send time."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newsletter.sandbox import dates

WRITTEN = date(2026, 12, 1)
SINGAPORE = ZoneInfo("Asia/Singapore")
FOLDER = """
send_at = 2026-12-01T10:00:00

[en]
subject = "News"
"""


@pytest.mark.parametrize(
    ("language", "text", "moved"),
    [
        ("en", "On Friday 18 December, not before.", "On Friday 1 January, not before."),
        ("en", "Fri 18 Dec 2026; December 25", "Fri 1 Jan 2027; January 8"),
        ("en", "Nothing to move: 5,900 people, 10:00", "Nothing to move: 5,900 people, 10:00"),
        ("ja", "12月18日（金）から2026年12月20日（日）まで", "1月1日（金）から2027年1月3日（日）まで"),
        ("th", "18 ธันวาคม", "18 ธันวาคม"),
    ],
)
def test_dates_in_prose_move_in_the_manner_they_are_written(language: str, text: str, moved: str) -> None:
    assert dates.moved_text(text, language=language, near=WRITTEN, by=timedelta(weeks=2)) == moved


@pytest.mark.parametrize(
    ("language", "text"), [("en", "18–20 December"), ("ja", "12月18日〜20日"), ("en", "31 November")]
)
def test_a_date_that_cannot_be_moved_alone_is_named(language: str, text: str) -> None:
    with pytest.raises(ValueError, match="write the whole date"):
        dates.moved_text(text, language=language, near=WRITTEN, by=timedelta(weeks=2))


@pytest.mark.parametrize(
    ("day", "weeks"),
    [("2026-12-01", 0), ("2026-12-02", 1), ("2026-12-08", 1), ("2026-12-09", 2), ("2026-11-30", 0), ("2026-11-24", -1)],
)
def test_what_lies_ahead_never_falls_behind(tmp_path: Path, day: str, weeks: int) -> None:
    (tmp_path / "issue.toml").write_text(FOLDER, encoding="utf-8")
    send_at = datetime.fromisoformat(f"{day}T09:30:00+08:00")

    redate = dates.moving(tmp_path, send_at)

    assert redate({"starts": date(2026, 12, 18)}) == {"starts": date(2026, 12, 18) + timedelta(weeks=weeks)}


def test_the_issue_is_sent_at_exactly_the_time_asked_for(tmp_path: Path) -> None:
    (tmp_path / "issue.toml").write_text(FOLDER, encoding="utf-8")
    send_at = datetime(2027, 3, 3, 1, 2, 3, tzinfo=UTC).astimezone(SINGAPORE)

    redated = dates.moving(tmp_path, send_at)({"send_at": datetime(2026, 12, 1, 10), "en": {"subject": "News"}})  # noqa: DTZ001 - as TOML gives it

    assert redated == {"send_at": send_at, "en": {"subject": "News"}}


def test_the_hours_of_a_fair_move_with_its_days(tmp_path: Path) -> None:
    (tmp_path / "issue.toml").write_text(FOLDER, encoding="utf-8")
    redate = dates.moving(tmp_path, datetime(2026, 12, 8, 10, tzinfo=SINGAPORE))

    moved = redate({"openings": ["2026-12-17 10:00-20:00", "2026-12-18 10:00-18:00"], "url": "https://a.example.org/"})

    assert moved["openings"] == ["2026-12-24 10:00-20:00", "2026-12-25 10:00-18:00"]
    assert moved["url"] == "https://a.example.org/"
