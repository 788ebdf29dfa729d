"""What would announce a fair that is off by now waits for a person."""

from datetime import datetime, timedelta
from typing import Literal

import pytest
from sqlalchemy import Engine, select

from jobs.tasks.deps import Deps
from jobs.tasks.publish import publish_due
from newsletter import database, issues, stories
from newsletter.config import Settings
from newsletter.content import Fair
from newsletter.keys import Keys
from newsletter.models import Issue, Letter
from tests.newsletter import newsroom
from tests.newsletter.newsroom import SEND_AT, Office

LATER = SEND_AT + timedelta(minutes=1)


@pytest.fixture
def office(engine: Engine, settings: Settings, now: datetime) -> Office:
    """Return an office with an issue that is due, with a fair, and somebody to read it."""
    office = newsroom.open_office(engine, settings, now)
    with database.writing(engine) as session:
        newsroom.reader(session, office, 1)
        newsroom.scheduled(session, office)
    return office


def _publish(office: Office, keys: Keys) -> int:
    return publish_due(Deps(office.settings, keys, office.engine, office.publication_id, now=lambda: LATER))


def _change(office: Office, status: Literal["changed", "postponed", "cancelled"]) -> None:
    with database.writing(office.engine) as session:
        issue = session.scalars(select(Issue)).one()
        for choice in issues.content(session, issue).stories:
            content = stories.content(session, choice.story_id)
            if isinstance(content, Fair):
                story = stories.get(session, choice.story_id)
                changed = content.model_copy(update={"status": status})
                stories.save(session, story, changed, base=story.head, editor_id=office.editor_id, now=office.now)


def _issue(office: Office) -> Issue:
    with database.reading(office.engine) as session:
        return session.scalars(select(Issue)).one()


@pytest.mark.parametrize("status", ["postponed", "cancelled"])
def test_an_issue_that_announces_a_fair_that_is_off_waits_and_everybody_is_told(
    office: Office, keys: Keys, status: Literal["postponed", "cancelled"]
) -> None:
    _change(office, status)

    assert _publish(office, keys) == 0

    assert _issue(office).paused_at == LATER
    with database.reading(office.engine) as session:
        letters = session.scalars(select(Letter).where(Letter.kind == "alarm")).all()
    assert letters
    assert all("postponed or cancelled" in letter.text for letter in letters)


def test_whoever_resumes_it_has_decided(office: Office, keys: Keys) -> None:
    _change(office, "cancelled")
    _publish(office, keys)
    with database.writing(office.engine) as session:
        issues.resume(session, session.scalars(select(Issue)).one(), now=LATER, editor_id=office.editor_id)

    assert _publish(office, keys) == 2

    assert _issue(office).state == "sending"


def test_other_changes_of_a_fair_hold_nothing(office: Office, keys: Keys) -> None:
    _change(office, "changed")

    assert _publish(office, keys) == 2
