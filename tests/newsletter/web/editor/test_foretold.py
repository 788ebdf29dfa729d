"""The desk says how long an issue takes before it counts, and keeps time to take back what goes out at once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from newsletter import database
from newsletter.config import Settings, WarmupSettings
from newsletter.models import Release
from tests.newsletter import newsroom
from tests.newsletter.newsroom import SEND_AT, Office
from tests.newsletter.web.editor.conftest import Browser, text
from tests.newsletter.web.editor.test_timing import Making


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Return settings of an office whose sending address is two days old on the day it sends."""
    warmup = WarmupSettings(began=date(2026, 11, 30), days=(1, 3, 50))
    return settings.model_copy(update={"relay": settings.relay.model_copy(update={"warmup": warmup})})


@pytest.fixture
def now(request: pytest.FixtureRequest) -> datetime:
    """Return the time at which the office works: the one a test asks for, or the usual one."""
    chosen: datetime = getattr(request, "param", datetime(2026, 11, 24, 2, 0, tzinfo=UTC))
    return chosen


def test_what_does_not_fit_into_a_day_is_said_before_the_time_is_set(
    browser: Browser, kens_browser: Browser, make: Making
) -> None:
    issue_id = make(newsroom.approved)
    path = f"/desk/issues/{issue_id}/schedule?day=2026-12-01&time=10:00"

    english, japanese = text(browser.get(path)), text(kens_browser.get(path))

    assert "from Tue 1 Dec 2026, 10:00 to about Wed 2 Dec 2026, 09:01, on 2 days:" in english
    assert "Tue 1 Dec 2026: 3 mails" in english
    assert "2026年12月2日（水）：1通" in japanese


@pytest.mark.parametrize("now", [SEND_AT - timedelta(seconds=90)], indirect=True)
def test_what_is_nearly_now_leaves_time_to_take_it_back(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.approved)
    path = f"/desk/issues/{issue_id}/schedule"

    offered = browser.get(path).text
    shown = text(browser.get(f"{path}?at_once=yes"))
    browser.post(path, day="2026-12-01", time="10:00")

    assert f"{path}?at_once=yes" in offered
    assert "leaves at Tue 1 Dec 2026, 10:04" in shown
    with database.reading(office.engine) as session:
        assert set(session.scalars(select(Release.due_at))) == {SEND_AT + timedelta(minutes=4)}


def test_sending_at_once_is_not_offered_on_another_day_than_the_printed_one(browser: Browser, make: Making) -> None:
    issue_id = make(newsroom.approved)

    assert "at_once" not in browser.get(f"/desk/issues/{issue_id}/schedule").text
    assert "goes out on" not in text(browser.get(f"/desk/issues/{issue_id}/schedule?at_once=yes"))
