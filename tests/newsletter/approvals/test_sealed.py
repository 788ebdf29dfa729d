"""What is not what was approved any more does not go out, and the office is told."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from jobs.tasks.deps import Deps
from jobs.tasks.publish import publish_due
from jobs.tasks.seals import hold_unsealed
from newsletter import database, issues
from newsletter.approvals import sealed
from newsletter.keys import Keys
from newsletter.models import Edition, Letter
from tests.newsletter import newsroom
from tests.newsletter.approvals import chain_office
from tests.newsletter.approvals.conftest import Asked
from tests.newsletter.newsroom import SEND_AT, Office

LATER = SEND_AT + timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def office(asked: Asked) -> Office:
    """Return an office with an approved issue that is due."""
    for name in ("head", "director"):
        chain_office.give(asked.office, asked.issue_id, name)
    with database.writing(asked.office.engine) as session:
        newsroom.reader(session, asked.office, 1)
        issue = issues.get(session, asked.issue_id)
        issues.schedule(session, issue, SEND_AT, now=asked.office.now, editor_id=None)
    return asked.office


def _publish(office: Office, keys: Keys, *, at: datetime = LATER) -> int:
    return publish_due(_deps(office, keys, at=at))


def _deps(office: Office, keys: Keys, *, at: datetime = LATER) -> Deps:
    return Deps(office.settings, keys, office.engine, office.publication_id, now=lambda: at)


def _with_other_sender(office: Office) -> Office:
    publication = office.settings.publication.model_copy(update={"from_address": "other@example.org"})
    return replace(office, settings=office.settings.model_copy(update={"publication": publication}))


def test_a_sender_changed_after_the_approval_holds_the_issue_and_everybody_is_told_once(
    office: Office, asked: Asked, keys: Keys
) -> None:
    changed = _with_other_sender(office)

    assert [_publish(changed, keys) for _ in range(2)] == [0, 0]

    with database.reading(office.engine) as session:
        issue = issues.get(session, asked.issue_id)
        alarms = session.scalars(select(Letter).where(Letter.kind == "alarm")).all()
        assert (issue.state, issue.paused_at) == ("scheduled", LATER)
        assert len(alarms) == 5
        assert "no longer what was approved" in alarms[0].text
    with database.writing(office.engine) as session:
        issues.resume(session, issues.get(session, asked.issue_id), now=LATER, editor_id=None)
    assert _publish(office, keys) == 2  # the old sender again: that is what was approved


def test_an_edition_changed_behind_our_back_goes_nowhere(office: Office, keys: Keys) -> None:
    with database.writing(office.engine) as session:
        session.execute(update(Edition).values(html=Edition.html + " "))

    assert _publish(office, keys) == 0


def test_the_second_language_is_looked_at_again_before_it_goes_out(office: Office, asked: Asked, keys: Keys) -> None:
    with database.writing(office.engine) as session:
        issue = issues.get(session, asked.issue_id)
        issues.schedule(session, issue, SEND_AT, later={"ja": LATER + HOUR}, now=office.now, editor_id=None)
    assert _publish(office, keys) == 1
    changed = _with_other_sender(office)

    assert _publish(changed, keys, at=LATER + HOUR) == 0

    with database.reading(office.engine) as session:
        issue = issues.get(session, asked.issue_id)
        assert (issue.state, issue.paused_at) == ("sending", LATER + HOUR)


def test_what_is_on_its_way_is_held_as_soon_as_it_is_not_what_was_approved(
    office: Office, asked: Asked, keys: Keys
) -> None:
    assert _publish(office, keys) == 2
    assert hold_unsealed(_deps(office, keys)) == 0
    with database.writing(office.engine) as session:
        session.execute(update(Edition).where(Edition.language == "ja").values(subject="Something else"))

    assert [hold_unsealed(_deps(office, keys)) for _ in range(2)] == [1, 0]

    with database.reading(office.engine) as session:
        assert issues.get(session, asked.issue_id).paused_at == LATER


def test_what_somebody_paused_meanwhile_or_put_right_is_not_held(office: Office, asked: Asked) -> None:
    with database.writing(office.engine) as session:
        issue = issues.get(session, asked.issue_id)
        assert not sealed.hold(session, office.settings, issue, now=LATER)
        issues.pause(session, issue, "A wrong date.", now=LATER, editor_id=None)
        assert not sealed.hold(session, _with_other_sender(office).settings, issue, now=LATER)
        assert issue.paused_reason == "A wrong date."
