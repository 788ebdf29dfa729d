"""What the record says of a corrected issue, of one language only, and of a question taken back."""

from datetime import datetime

import pytest
from sqlalchemy import Engine, select, update

from newsletter import approvals, corrections, database, freezing, issues
from newsletter.approvals import chain
from newsletter.config import Settings
from newsletter.errors import StateError
from newsletter.models import ArchiveNote, Delivery, Edition
from tests.newsletter import newsroom
from tests.newsletter.corrections import ground as lay
from tests.newsletter.corrections.ground import AFTER, NOTES, RIGHT, Ground


@pytest.fixture
def ground(engine: Engine, settings: Settings, now: datetime) -> Ground:
    return lay.lay(newsroom.open_office(engine, settings, now))


def _is_sealed(ground: Ground) -> bool:
    with database.reading(ground.office.engine) as session:
        issue = issues.get(session, ground.issue_id)
        return freezing.digest(session, ground.office.settings, issue) == issue.frozen_hash


def _take_back(ground: Ground, correction_id: int) -> None:
    with database.writing(ground.office.engine) as session:
        corrections.take_back(session, corrections.get(session, correction_id), editor_id=None, now=AFTER)


def test_what_is_out_stays_sealed_while_a_correction_waits_and_when_it_is_done(ground: Ground) -> None:
    with_links = RIGHT.model_copy(update={"url": "https://fair.example.org/new"})
    lay.put_right(ground, with_links)
    correction_id = lay.begin(ground)
    with database.reading(ground.office.engine) as session:
        before = issues.get(session, ground.issue_id).frozen_hash
    prepared = lay.prepare(ground, correction_id)
    with database.writing(ground.office.engine) as session:
        lay.ask(session, ground, correction_id, prepared)

    waiting = _is_sealed(ground)
    with database.writing(ground.office.engine) as session:
        correction = corrections.get(session, correction_id)
        shown, approver = correction.frozen_hash or "", ground.office.approver_id
        corrections.give(session, ground.office.settings, correction, shown=shown, editor_id=approver, now=AFTER)
    lay.carry_out(ground, correction_id)

    assert waiting
    assert _is_sealed(ground)
    with database.reading(ground.office.engine) as session:
        issue = issues.get(session, ground.issue_id)
        agreed = chain.given(approvals.history(session, issue), issue.frozen_hash or "")
        assert issue.frozen_hash != before
        assert [(line.editor_id, line.at) for line in agreed] == [(ground.office.approver_id, AFTER)]


def test_a_question_taken_back_leaves_a_draft_and_nothing_of_what_was_frozen(ground: Ground) -> None:
    lay.put_right(ground)
    correction_id = lay.begin(ground)
    prepared = lay.prepare(ground, correction_id)
    with database.writing(ground.office.engine) as session:
        lay.ask(session, ground, correction_id, prepared)

    _take_back(ground, correction_id)

    with database.reading(ground.office.engine) as session:
        correction = corrections.get(session, correction_id)
        assert (correction.state, correction.frozen_hash) == ("draft", None)
        assert [line.decision for line in corrections.record(session, correction)] == ["asked", "voided"]
        assert set(session.scalars(select(Edition.revision))) == {1}


def test_what_was_approved_cannot_be_taken_back(ground: Ground) -> None:
    correction_id = lay.approved(ground)

    with pytest.raises(StateError):
        _take_back(ground, correction_id)


def test_a_story_told_in_one_language_is_corrected_in_that_language_alone(
    engine: Engine, settings: Settings, now: datetime
) -> None:
    office = newsroom.open_office(engine, settings, now)
    wrong, right = (one.model_copy(update={"only": "ja"}) for one in (newsroom.FAIR, RIGHT))
    with database.writing(engine) as session:
        for number, language in enumerate(("en", "ja", "ja")):
            reader = newsroom.reader(session, office, number, language=language, topics=["fairs"])
            reader.subscriber.second_language = "en" if number == 2 else ""
        issue = newsroom.draft(session, office, (wrong, *newsroom.STORIES[1:]))
        newsroom.approve(session, office, issue)
        issues.schedule(session, issue, newsroom.SEND_AT, now=now, editor_id=None)
        for release in issue.releases:
            assert issues.release(session, settings, release, now=newsroom.SEND_AT)
        session.execute(update(Delivery).values(state="sent"))
        fair, _, notice = (choice.story_id for choice in issues.content(session, issue).stories)
        ground = Ground(office, issue.id, fair, notice)
    lay.put_right(ground, right)
    correction_id = lay.begin(ground)
    with database.writing(engine) as session:
        correction = corrections.get(session, correction_id)
        notes = {"ja": NOTES["ja"]}
        corrections.save(session, settings, correction, [fair], notes, base=1, editor_id=None, now=AFTER)

    prepared = lay.prepare(ground, correction_id)
    with database.writing(engine) as session:
        lay.ask(session, ground, correction_id, prepared)
        correction = corrections.get(session, correction_id)
        shown = correction.frozen_hash or ""
        corrections.give(session, settings, correction, shown=shown, editor_id=office.approver_id, now=AFTER)
    lay.carry_out(ground, correction_id)

    reached = ground.states(lay.short_id(ground, correction_id))
    assert {number: language for number, (_, (language, _)) in reached.items()} == {1: "ja", 2: "ja+en"}
    with database.reading(engine) as session:
        assert [note.language for note in session.scalars(select(ArchiveNote))] == ["ja"]
