"""The issue's own words are corrected too: introductions are told again, subjects change for who still waits."""

from datetime import datetime

import pytest
from sqlalchemy import Engine, select

from newsletter import corrections, database, issues
from newsletter.config import Settings
from newsletter.errors import InvalidContentError
from newsletter.models import ArchivePage, Edition
from tests.newsletter import newsroom
from tests.newsletter.corrections import ground as lay
from tests.newsletter.corrections.ground import AFTER, Ground

OPENING = {"introduction": "<p>The Minister opens the fair.</p>"}
NOTE = {"en": "We named the wrong person."}


@pytest.fixture
def ground(engine: Engine, settings: Settings, now: datetime) -> Ground:
    return lay.lay(newsroom.open_office(engine, settings, now))


def _begin(ground: Ground, own: dict[str, dict[str, str]], notes: dict[str, str]) -> int:
    office = ground.office
    with database.writing(office.engine) as session:
        issue = issues.get(session, ground.issue_id)
        begun = corrections.begin(session, office.settings, issue, [], {}, editor_id=office.editor_id, now=AFTER)
        save = {"base": begun.version, "editor_id": office.editor_id, "now": AFTER}
        corrections.save(session, office.settings, begun, [], notes, own=own, **save)  # type: ignore[arg-type] # the options of several calls in one dict
        return begun.id


def _approve(ground: Ground, correction_id: int) -> None:
    prepared, office = lay.prepare(ground, correction_id), ground.office
    with database.writing(office.engine) as session:
        lay.ask(session, ground, correction_id, prepared)
        correction = corrections.get(session, correction_id)
        by = {"editor_id": office.approver_id, "now": AFTER}
        corrections.give(session, office.settings, correction, shown=correction.frozen_hash or "", **by)  # type: ignore[arg-type] # the options of several calls in one dict


def test_a_wrong_introduction_is_told_to_everybody_who_has_it_in_that_language(ground: Ground) -> None:
    correction_id = _begin(ground, {"en": OPENING}, NOTE)
    with database.reading(ground.office.engine) as session:
        correction = corrections.get(session, correction_id)
        assert corrections.reach(session, correction) == corrections.Reach(told=3, waiting=2)
        assert corrections.tongues(session, correction) == ["en"]
    _approve(ground, correction_id)

    lay.carry_out(ground, correction_id)

    short = lay.short_id(ground, correction_id)
    assert sorted(ground.states(short)) == [1, 2, 6]  # sent or uncertain, in English, whatever the stories
    assert ground.states(ground.issue_id)[3] == ("queued", ("en", 2))
    with database.reading(ground.office.engine) as session:
        told = session.scalars(select(Edition).where(Edition.issue_id == short)).one()
        assert NOTE["en"] in told.text
        assert "The Minister opens the fair." in told.text
        assert told.stories == "[]"
        pages = {page.language: page for page in session.scalars(select(ArchivePage))}
        assert "The Minister opens" in pages["en"].body


def test_another_subject_reaches_who_still_waits_and_nobody_is_written_to(ground: Ground) -> None:
    correction_id = _begin(ground, {"en": {"subject": "Other news"}}, {})
    _approve(ground, correction_id)

    lay.carry_out(ground, correction_id)

    assert ground.states(lay.short_id(ground, correction_id)) == {}
    with database.reading(ground.office.engine) as session:
        newest = select(Edition.subject).where(Edition.issue_id == ground.issue_id, Edition.revision == 2)
        assert set(session.scalars(newest.where(Edition.language == "en"))) == {"Other news"}
        assert set(session.scalars(newest.where(Edition.language == "ja"))) == {"おたより"}
        assert issues.get(session, ground.issue_id).paused_at is None


def test_what_stays_as_it_was_is_not_a_correction(ground: Ground) -> None:
    correction_id = _begin(ground, {"en": {"subject": "News"}}, {})

    with pytest.raises(InvalidContentError, match="Choose"):
        lay.prepare(ground, correction_id)


@pytest.mark.parametrize("own", [{"fr": OPENING}, {"en": {"subject": "  "}}, {"en": {"post": "Else"}}])
def test_words_that_an_issue_cannot_have_are_refused(ground: Ground, own: dict[str, dict[str, str]]) -> None:
    with pytest.raises(InvalidContentError):
        _begin(ground, own, {})


def test_a_correction_begun_before_its_story_was_put_right_has_a_first_wording_then(ground: Ground) -> None:
    office = ground.office
    with database.writing(office.engine) as session:
        issue = issues.get(session, ground.issue_id)
        begun = corrections.begin(
            session, office.settings, issue, [ground.fair], {}, editor_id=office.editor_id, now=AFTER
        )
        assert corrections.wanting(session, begun) == {}
    lay.put_right(ground)

    with database.reading(office.engine) as session:
        first = corrections.wanting(session, corrections.get(session, begun.id))

    assert "wrong dates for “FIT”" in first["en"]
    assert "日程に誤り" in first["ja"]
