"""No language goes out with the date of a day that is over, unless a person has decided so."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from newsletter import corrections, database, issues
from newsletter.config import Settings
from newsletter.errors import StateError
from newsletter.issues import printing
from newsletter.models import Edition, Letter, Release
from tests.newsletter import newsroom
from tests.newsletter.corrections import ground as lay
from tests.newsletter.corrections.ground import Ground
from tests.newsletter.newsroom import SEND_AT, Office

EVENING = SEND_AT + timedelta(hours=13, minutes=30)
"""23:30 in Singapore on the printed day."""
MORNING = SEND_AT + timedelta(days=1)


@pytest.fixture
def ground(any_engine: Engine, settings: Settings, now: datetime) -> Ground:
    """Return an issue whose English is out and whose Japanese is due late in the evening."""
    office = newsroom.open_office(any_engine, settings, now)
    with database.writing(office.engine) as session:
        newsroom.reader(session, office, 1)
        newsroom.reader(session, office, 2, language="ja")
        issue = newsroom.approved(session, office)
        issues.schedule(session, issue, SEND_AT, later={"ja": EVENING}, now=office.now, editor_id=None)
        english = next(one for one in issue.releases if one.language == "en")
        assert issues.release(session, office.settings, english, now=SEND_AT)
        choices = issues.content(session, issue).stories
        return Ground(office, issue.id, choices[0].story_id, choices[2].story_id)


def _release(office: Office, at: datetime) -> tuple[bool, str]:
    with database.writing(office.engine) as session:
        release = session.scalars(select(Release).where(Release.language == "ja").order_by(Release.id)).first()
        assert release is not None
        return issues.release(session, office.settings, release, now=at), release.state


def test_what_is_held_up_past_midnight_waits_and_the_editors_are_asked_once(ground: Ground) -> None:
    midnight = EVENING + timedelta(minutes=30)

    assert _release(ground.office, midnight + printing.LEEWAY) == (False, "held")

    assert _release(ground.office, midnight + timedelta(hours=1)) == (False, "held")
    with database.reading(ground.office.engine) as session:
        told = session.scalars(select(Letter).where(Letter.kind == "alarm")).all()
        assert len(told) == 2
        assert "another day is printed" in told[0].subject


def test_a_moment_after_midnight_is_not_another_day(ground: Ground) -> None:
    assert _release(ground.office, EVENING + timedelta(minutes=40)) == (True, "released")


def test_a_person_may_send_it_as_it_was_approved(ground: Ground) -> None:
    assert _release(ground.office, MORNING) == (False, "held")
    with database.writing(ground.office.engine) as session:
        release = session.scalars(select(Release).where(Release.language == "ja").order_by(Release.id)).first()
        assert release is not None
        with pytest.raises(StateError, match="Another day"):
            issues.send_held(session, release, now=MORNING, editor_id=None)
        issues.send_held(session, release, now=MORNING, editor_id=None, as_printed=True)

    assert _release(ground.office, MORNING) == (True, "released")


def test_a_correction_prints_the_new_day_and_its_approval_lets_it_out(ground: Ground) -> None:
    office = ground.office
    assert _release(office, MORNING) == (False, "held")
    with database.writing(office.engine) as session:
        issue = issues.get(session, ground.issue_id)
        begun = corrections.begin(session, office.settings, issue, [], {}, editor_id=office.editor_id, now=MORNING)
        assert corrections.overdue(issue, now=MORNING) == ["ja"]
    prepared = lay.prepare(ground, begun.id, now=MORNING)
    with database.writing(office.engine) as session:
        lay.ask(session, ground, begun.id, prepared)
        correction = corrections.get(session, begun.id)
        corrections.give(
            session,
            office.settings,
            correction,
            shown=correction.frozen_hash or "",
            editor_id=office.approver_id,
            now=MORNING,
        )

    lay.carry_out(ground, begun.id)

    assert _release(office, MORNING) == (True, "released")
    with database.reading(office.engine) as session:
        mails = {one.language: one.text for one in session.scalars(select(Edition).where(Edition.revision == 2))}
        assert "2026年12月2日" in mails["ja"]
        assert "1 December 2026" in mails["en"]
    assert ground.states(lay.short_id(ground, begun.id)) == {}
    assert ground.states(ground.issue_id)[2] == ("queued", ("ja", 2))
