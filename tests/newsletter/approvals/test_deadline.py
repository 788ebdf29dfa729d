"""A send time that passes before everybody has agreed holds the issue and says so."""

from datetime import datetime, timedelta

from sqlalchemy import select

from newsletter import approvals, database, issues
from newsletter.approvals import deadline
from newsletter.approvals.deadline import Missed
from newsletter.delivery import whys
from newsletter.models import Letter
from tests.newsletter.approvals import chain_office
from tests.newsletter.approvals.conftest import Asked
from tests.newsletter.newsroom import SEND_AT

PAST = SEND_AT + timedelta(minutes=1)


def _due(asked: Asked, now: datetime) -> list[Missed]:
    with database.reading(asked.office.engine) as session:
        return deadline.due(session, asked.office.settings, now=now)


def _hold(asked: Asked, missed: Missed) -> bool:
    with database.writing(asked.office.engine) as session:
        return deadline.hold(session, asked.office.settings, missed, now=PAST)


def test_before_the_send_time_nothing_is_missed(asked: Asked) -> None:
    assert _due(asked, SEND_AT - timedelta(seconds=1)) == []


def test_a_missed_issue_is_paused_and_everybody_is_told_once(asked: Asked) -> None:
    (missed,) = _due(asked, PAST)
    outcomes = [_hold(asked, missed), _hold(asked, missed)]  # two clocks

    assert outcomes == [True, False]
    assert _due(asked, PAST) == []
    with database.reading(asked.office.engine) as session:
        issue = issues.get(session, asked.issue_id)
        letters = session.scalars(select(Letter)).all()
        assert [line.decision for line in approvals.history(session, issue)] == ["asked", "missed"]
        assert whys.told(issue.paused_reason, "en") == "The send time passed before the approval was complete."
    assert len(letters) == 5
    assert {letter.kind for letter in letters} == {"alarm"}
    assert "The decision was with: Head." in letters[0].text
    assert "Tue 1 Dec 2026, 10:00" in letters[0].text


def test_the_approval_can_still_be_completed_and_the_issue_stays_held(asked: Asked) -> None:
    chain_office.give(asked.office, asked.issue_id, "head")
    (missed,) = _due(asked, PAST)
    _hold(asked, missed)
    late = chain_office.later(asked.office, PAST + timedelta(minutes=5))

    chain_office.give(late, asked.issue_id, "director")

    with database.reading(asked.office.engine) as session:
        issue = issues.get(session, asked.issue_id)
        assert (issue.state, issue.paused_at) == ("approved", PAST)


def test_who_agrees_at_the_last_moment_wins_over_the_clock(asked: Asked) -> None:
    chain_office.give(asked.office, asked.issue_id, "head")
    (missed,) = _due(asked, PAST)
    chain_office.give(asked.office, asked.issue_id, "director")

    assert not _hold(asked, missed)
    with database.reading(asked.office.engine) as session:
        issue = issues.get(session, asked.issue_id)
        assert (issue.state, issue.paused_at) == ("approved", None)


def test_what_was_asked_for_after_its_send_time_is_not_missed(asked: Asked) -> None:
    with database.writing(asked.office.engine) as session:
        approvals.history(session, issues.get(session, asked.issue_id))[0].at = PAST

    assert _due(asked, PAST + timedelta(hours=1)) == []


def test_a_new_time_for_what_was_approved_too_late_lets_it_go_on_but_no_persons_pause_ends_so(asked: Asked) -> None:
    (missed,) = _due(asked, PAST)
    _hold(asked, missed)
    late = chain_office.later(asked.office, PAST + timedelta(minutes=5))
    for name in ("head", "director"):
        chain_office.give(late, asked.issue_id, name)
    hour_later = SEND_AT + timedelta(hours=1)

    with database.writing(asked.office.engine) as session:
        issue = issues.get(session, asked.issue_id)
        issues.schedule(session, issue, hour_later, now=late.now, editor_id=None)
        assert issue.paused_at is None
        issues.pause(session, issue, "A wrong date.", now=late.now, editor_id=None)
        issues.schedule(session, issue, hour_later, now=late.now, editor_id=None)
        assert issue.paused_reason == "A wrong date."
