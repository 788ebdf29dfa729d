"""Scheduling, pausing and stopping."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from newsletter import database, issues
from newsletter.models import Delivery, Issue, Release
from tests.newsletter import newsroom
from tests.newsletter.newsroom import SEND_AT, Office
from tests.newsletter.web.editor import conftest
from tests.newsletter.web.editor.conftest import Browser, Make, settle, state, text

Making = Callable[[Make], int]
THURSDAY = SEND_AT + timedelta(days=2)


def _due(office: Office) -> list[datetime]:
    with database.reading(office.engine) as session:
        return list(session.scalars(select(Release.due_at).where(Release.state == "planned")))


def test_the_form_begins_with_the_wished_time_in_the_offices_zone(browser: Browser, make: Making) -> None:
    issue_id = make(newsroom.approved)

    page = browser.get(f"/desk/issues/{issue_id}/schedule")

    assert 'value="2026-12-01"' in page.text
    assert 'value="10:00"' in page.text
    assert "The date Tue 1 Dec 2026 is printed in what was approved." in text(page)


def test_a_chosen_time_is_shown_with_the_number_of_people_before_it_counts(
    browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(newsroom.approved)

    page = text(browser.get(f"/desk/issues/{issue_id}/schedule?day=2026-12-01&time=14:30"))

    assert "Issue 1 goes out on Tue 1 Dec 2026, 14:30" in page
    assert "Send to 4 people on Tue 1 Dec 2026, 14:30" in page
    assert state(office, issue_id) == "approved"


def test_scheduling_sets_the_time_of_every_language(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.approved)

    answer = browser.post(f"/desk/issues/{issue_id}/schedule", day="2026-12-01", time="14:30")

    assert answer.headers["location"] == f"/desk/issues/{issue_id}?done=scheduled"
    assert state(office, issue_id) == "scheduled"
    assert _due(office) == [datetime(2026, 12, 1, 6, 30, tzinfo=UTC)] * 2
    assert "It goes out by itself on Tue 1 Dec 2026, 14:30" in text(browser.get(answer.headers["location"]))


def test_the_time_can_be_moved_and_taken_back(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.scheduled)

    browser.post(f"/desk/issues/{issue_id}/schedule", day="2026-12-01", time="09:00")
    moved = _due(office)
    browser.post(f"/desk/issues/{issue_id}/unschedule")

    assert moved == [datetime(2026, 12, 1, 1, 0, tzinfo=UTC)] * 2
    assert state(office, issue_id) == "approved"
    assert _due(office) == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Please give a day and a time"),
        ({"day": "2026-12-01", "time": "soon"}, "Please give a day and a time"),
        ({"day": "2026-12-02", "time": "10:00"}, "approved with the date Tue 1 Dec 2026 printed in it"),
    ],
)
def test_a_time_that_cannot_be_used_is_said_and_nothing_is_scheduled(
    browser: Browser, office: Office, make: Making, typed: dict[str, str], sentence: str
) -> None:
    issue_id = make(newsroom.approved)

    answer = browser.post(f"/desk/issues/{issue_id}/schedule", **typed)

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert state(office, issue_id) == "approved"


def test_a_time_in_the_past_is_refused_with_the_sentence(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.approved)
    with database.writing(office.engine) as session:
        session.execute(update(Issue).values(frozen_until=datetime(2026, 11, 24, 16, 0, tzinfo=UTC), frozen_days="{}"))

    asked = browser.get(f"/desk/issues/{issue_id}/schedule?day=2026-11-24&time=09:59")
    posted = browser.post(f"/desk/issues/{issue_id}/schedule", day="2026-11-24", time="09:59")

    for answer in (asked, posted):
        assert answer.status_code == 422
        assert "Tue 24 Nov 2026, 09:59 has passed. Choose a later time." in text(answer)


def test_an_issue_whose_printed_day_is_over_says_what_to_do(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.approved)
    with database.writing(office.engine) as session:
        session.execute(update(Issue).values(frozen_until=datetime(2026, 11, 23, 16, 0, tzinfo=UTC), frozen_days="{}"))

    page = browser.get(f"/desk/issues/{issue_id}")

    assert "that day is over" in text(page)
    assert f'action="/desk/issues/{issue_id}/schedule"' not in page.text


def test_a_draft_cannot_be_scheduled(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.draft)

    answer = browser.post(f"/desk/issues/{issue_id}/schedule", day="2026-12-01", time="10:00")

    assert answer.status_code == 409
    assert state(office, issue_id) == "draft"


@pytest.mark.parametrize("step", [newsroom.draft, conftest.asked, conftest.sending])
def test_the_form_is_for_what_is_approved_only(browser: Browser, make: Making, step: Make) -> None:
    issue_id = make(step)

    assert browser.get(f"/desk/issues/{issue_id}/schedule").status_code == 409
    assert browser.get(f"/desk/issues/{issue_id}/schedule?day=2026-12-01&time=10:00").status_code == 409


def test_a_pause_is_one_click_and_is_told_with_its_reason(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.scheduled)

    answer = browser.post(f"/desk/issues/{issue_id}/pause", reason="The fair has <moved>.")
    page = browser.get(answer.headers["location"])

    assert "Paused. Nothing more is sent or posted" in text(page)
    assert "The fair has &lt;moved&gt;." in page.text
    assert "Go on" in text(page)
    assert "Paused" in text(browser.get("/desk/issues"))
    with database.reading(office.engine) as session:
        assert issues.due(session, SEND_AT) == []


def test_a_pause_without_a_reason_names_who_paused(browser: Browser, make: Making) -> None:
    issue_id = make(newsroom.scheduled)

    browser.post(f"/desk/issues/{issue_id}/pause")

    assert "Paused by Hana Mori." in text(browser.get(f"/desk/issues/{issue_id}"))


def test_going_on_ends_the_pause(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.scheduled)
    browser.post(f"/desk/issues/{issue_id}/pause")

    answer = browser.post(f"/desk/issues/{issue_id}/resume")

    assert "It goes on." in text(browser.get(answer.headers["location"]))
    with database.reading(office.engine) as session:
        assert len(issues.due(session, SEND_AT)) == 2


def test_a_late_part_goes_out_when_somebody_says_so(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.scheduled)
    with database.writing(office.engine) as session:
        session.execute(update(Release).where(Release.language == "ja").values(state="held"))
        release_id = session.scalars(select(Release.id).where(Release.language == "ja")).one()

    answer = browser.post(f"/desk/issues/{issue_id}/releases/{release_id}/send")

    assert answer.headers["location"] == f"/desk/issues/{issue_id}?done=late"
    with database.reading(office.engine) as session:
        assert [release.language for release in issues.due(session, office.now)] == ["ja"]


def test_a_part_of_another_issue_is_not_sent_from_here(browser: Browser, office: Office, make: Making) -> None:
    make(newsroom.scheduled)
    other = make(newsroom.draft)
    with database.writing(office.engine) as session:
        session.execute(update(Release).values(state="held"))
        release_id = session.scalars(select(Release.id)).first()

    answer = browser.post(f"/desk/issues/{other}/releases/{release_id}/send")

    assert answer.status_code == 404
    with database.reading(office.engine) as session:
        assert issues.due(session, office.now) == []


def test_stopping_for_good_is_asked_once_more_with_what_it_means(
    browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(conftest.sending)
    settle(office, issue_id, "sent", "queued", "deferred", "on_wire")

    page = text(browser.get(f"/desk/issues/{issue_id}/cancel"))

    assert "Stop issue 1 for good?" in page
    assert "Sent already: 1 person. They keep it. Not sent yet: 3 people." in page
    assert state(office, issue_id) == "sending"


def test_before_it_is_out_stopping_means_that_nobody_gets_it(browser: Browser, make: Making) -> None:
    issue_id = make(newsroom.scheduled)

    assert "It has not been sent to anybody" in text(browser.get(f"/desk/issues/{issue_id}/cancel"))


def test_stopping_for_good_stops_what_is_left(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.sending)
    settle(office, issue_id, "sent", "queued", "deferred", "queued")

    answer = browser.post(f"/desk/issues/{issue_id}/cancel")

    assert answer.headers["location"] == f"/desk/issues/{issue_id}?done=cancelled"
    assert state(office, issue_id) == "cancelled"
    with database.reading(office.engine) as session:
        states = session.scalars(select(Delivery.state).order_by(Delivery.id)).all()
    assert states == ["sent", "cancelled", "cancelled", "cancelled"]


def _in_two_steps(session: Session, office: Office) -> Issue:
    """Return an approved issue, in Japanese on Tuesday and in English on Thursday."""
    issue = newsroom.draft(session, office)
    content = issues.content(session, issue).model_copy(update={"later": {"en": THURSDAY}})
    issues.save(session, issue, content, base=1, editor_id=None, now=office.now)
    newsroom.approve(session, office, issue)
    return issue


def test_an_issue_of_two_days_is_offered_scheduled_and_told_language_by_language(
    browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(_in_two_steps)

    offered = browser.get(f"/desk/issues/{issue_id}")
    form = browser.get(f"/desk/issues/{issue_id}/schedule")
    times = {"day.ja": "2026-12-01", "time.ja": "10:00", "day.en": "2026-12-03", "time.en": "10:00"}
    browser.post(f"/desk/issues/{issue_id}/schedule", **times)

    assert all(f'name="{name}" value="{value}"' in offered.text for name, value in times.items())
    assert "English: Thu 3 Dec 2026 Japanese: Tue 1 Dec 2026" in text(form)
    assert sorted(_due(office)) == [SEND_AT, THURSDAY]
    told = text(browser.get(f"/desk/issues/{issue_id}"))
    assert "Japanese: Tue 1 Dec 2026, 10:00 English: Thu 3 Dec 2026, 10:00" in told


def test_two_times_of_one_day_are_confirmed_before_they_count(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.approved)
    query = "day.en=2026-12-01&time.en=14:00&day.ja=2026-12-01&time.ja=09:00"

    page = text(browser.get(f"/desk/issues/{issue_id}/schedule?{query}"))

    assert "Issue 1 goes out on Tue 1 Dec 2026, 09:00" in page
    assert "Japanese: Tue 1 Dec 2026, 09:00 English: Tue 1 Dec 2026, 14:00" in page
    assert state(office, issue_id) == "approved"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"day.en": "2026-12-01"}, "English: This issue was approved with the date Thu 3 Dec 2026"),
        ({"time.ja": "25:00"}, "Japanese: Please give a day and a time"),
        ({"day.ja": "2026-12-01", "time.en": ""}, "English: Please give a day and a time"),
    ],
)
def test_a_refused_time_names_its_language(
    browser: Browser, office: Office, make: Making, changes: dict[str, str], sentence: str
) -> None:
    issue_id = make(_in_two_steps)
    times = {"day.ja": "2026-12-01", "time.ja": "10:00", "day.en": "2026-12-03", "time.en": "10:00"}

    answer = browser.post(f"/desk/issues/{issue_id}/schedule", **(times | changes))

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert state(office, issue_id) == "approved"
