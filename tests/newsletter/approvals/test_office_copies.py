"""The office has the mail for a while before readers get it, and one press holds all of it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from jobs.tasks.approvals import copy_to_office
from jobs.tasks.deps import Deps
from jobs.tasks.publish import publish_due
from newsletter import approvals, database, issues
from newsletter.approvals import office_copies
from newsletter.delivery import whys
from newsletter.keys import Keys
from newsletter.models import ApprovalTicket, ArchivePage, Delivery, Editor, Letter, Release
from tests.newsletter import newsroom
from tests.newsletter.approvals import chain_office
from tests.newsletter.approvals.conftest import Asked
from tests.newsletter.corrections import ground as lay
from tests.newsletter.corrections.ground import AFTER
from tests.newsletter.newsroom import SEND_AT, Office

AHEAD = timedelta(minutes=30)


@pytest.fixture
def office(asked: Asked) -> Office:
    """Return an office with a scheduled issue and two readers, whose copy is half an hour ahead."""
    settings = chain_office.with_approval(asked.office.settings, office_copy_minutes=30)
    office = replace(asked.office, settings=settings)
    for name in ("head", "director"):
        chain_office.give(office, asked.issue_id, name)
    with database.writing(office.engine) as session:
        newsroom.reader(session, office, 1)
        newsroom.reader(session, office, 2, language="ja")
        session.execute(update(Letter).values(state="sent", settled_at=office.now))
        issues.schedule(session, issues.get(session, asked.issue_id), SEND_AT, now=office.now, editor_id=None)
    return office


def _deps(office: Office, keys: Keys, now: datetime) -> Deps:
    return Deps(office.settings, keys, office.engine, office.publication_id, now=lambda: now)


def _copies(office: Office) -> list[Letter]:
    with database.reading(office.engine) as session:
        return list(session.scalars(select(Letter).where(Letter.kind == "copy").order_by(Letter.id)))


def _deliver_copies(office: Office, at: datetime) -> None:
    with database.writing(office.engine) as session:
        session.execute(update(Letter).where(Letter.kind == "copy").values(state="sent", settled_at=at))


def _released(office: Office) -> list[str]:
    with database.reading(office.engine) as session:
        released = select(Release.language).where(Release.state == "released")
        return sorted(session.scalars(released))


def test_everybody_at_the_office_gets_the_mail_ahead_of_the_readers(office: Office, keys: Keys) -> None:
    early = copy_to_office(_deps(office, keys, SEND_AT - AHEAD - timedelta(minutes=1)))
    made = copy_to_office(_deps(office, keys, SEND_AT - AHEAD))
    again = copy_to_office(_deps(office, keys, SEND_AT - AHEAD))

    letters = _copies(office)
    assert (early, made, again) == (0, 2, 0)
    assert len(letters) == 10
    assert {letter.subject for letter in letters} == {"Office copy: issue 1 goes out in 30 minutes"}
    assert "FITフェア" in (letters[-1].html or "")
    assert "/desk/hold/" in letters[0].text
    with database.reading(office.engine) as session:
        assert {one.purpose for one in session.scalars(select(ApprovalTicket))} == {"hold"}
        assert session.scalars(select(Delivery)).all() == []


def test_readers_wait_until_the_copy_has_been_out_for_long_enough(office: Office, keys: Keys) -> None:
    unmade = publish_due(_deps(office, keys, SEND_AT))
    copy_to_office(_deps(office, keys, SEND_AT))
    unsent = publish_due(_deps(office, keys, SEND_AT + AHEAD))
    _deliver_copies(office, SEND_AT + timedelta(minutes=1))
    too_early = publish_due(_deps(office, keys, SEND_AT + AHEAD))
    in_time = publish_due(_deps(office, keys, SEND_AT + AHEAD + timedelta(minutes=1)))

    assert (unmade, unsent, too_early, in_time) == (0, 0, 0, 2)
    assert _released(office) == ["en", "ja"]


def test_one_press_holds_mail_page_and_post(office: Office, keys: Keys) -> None:
    copy_to_office(_deps(office, keys, SEND_AT - AHEAD))
    _deliver_copies(office, SEND_AT - AHEAD)
    with database.writing(office.engine) as session:
        issue = issues.get(session, session.scalars(select(Release.issue_id)).first() or 0)
        head = session.scalars(select(Editor).where(Editor.name == "Head")).one()
        office_copies.hold(session, issue, head, now=SEND_AT - timedelta(minutes=5))

    assert publish_due(_deps(office, keys, SEND_AT + timedelta(minutes=1))) == 0
    with database.reading(office.engine) as session:
        assert whys.told(issue.paused_reason, "en") == "Head held it after seeing the office copy."
        assert session.scalars(select(Delivery)).all() == []
        assert set(session.scalars(select(ArchivePage.published_at))) == {None}


def test_a_part_whose_copy_could_not_be_made_is_held_and_not_sent_hours_later(office: Office, keys: Keys) -> None:
    late = SEND_AT + timedelta(hours=2, minutes=1)
    copied = copy_to_office(_deps(office, keys, late))
    publish_due(_deps(office, keys, late))

    with database.reading(office.engine) as session:
        assert (copied, set(session.scalars(select(Release.state)))) == (0, {"held"})


def test_another_time_is_another_copy(office: Office, keys: Keys) -> None:
    copy_to_office(_deps(office, keys, SEND_AT - AHEAD))
    moved = SEND_AT + timedelta(hours=1)
    with database.writing(office.engine) as session:
        issue = issues.get(session, session.scalars(select(Release.issue_id)).first() or 0)
        issues.schedule(session, issue, moved, now=office.now, editor_id=None)

    assert copy_to_office(_deps(office, keys, moved - AHEAD)) == 2
    assert len(_copies(office)) == 20


def test_a_copy_of_what_was_changed_meanwhile_is_not_sent(office: Office, asked: Asked) -> None:
    with database.reading(office.engine) as session:
        composed = office_copies.due(session, office.settings, now=SEND_AT - AHEAD)
    with database.writing(office.engine) as session:
        issue = issues.get(session, asked.issue_id)
        content = issues.content(session, issue)
        changed = content.model_copy(update={"send_at": SEND_AT + timedelta(hours=1)})
        issues.save(session, issue, changed, base=issue.head, editor_id=None, now=office.now)

    with database.writing(office.engine) as session:
        assert [office_copies.send(session, one, now=SEND_AT - AHEAD) for one in composed] == [False, False]
        assert [line.decision for line in approvals.history(session, issue)][-1] == "voided"
    assert _copies(office) == []


def test_without_the_setting_nothing_waits(office: Office, keys: Keys) -> None:
    plain = replace(office, settings=chain_office.with_approval(office.settings, office_copy_minutes=0))

    assert copy_to_office(_deps(plain, keys, SEND_AT)) == 0
    assert publish_due(_deps(plain, keys, SEND_AT)) == 2


def test_words_corrected_before_a_later_language_goes_out_are_copied_to_the_office_anew(
    office: Office, keys: Keys, asked: Asked
) -> None:
    copy_to_office(_deps(office, keys, SEND_AT - AHEAD))
    _deliver_copies(office, SEND_AT - AHEAD)
    with database.writing(office.engine) as session:
        issue = issues.get(session, asked.issue_id)
        english = next(one for one in issue.releases if one.language == "en")
        assert issues.release(session, office.settings, english, now=SEND_AT)
    ground = lay.Ground(office, asked.issue_id, *_fair_and_notice(office, asked.issue_id))
    plain = replace(ground, office=replace(office, settings=chain_office.with_approval(office.settings, seats=())))
    lay.carry_out(plain, lay.approved(plain))

    assert publish_due(_deps(office, keys, AFTER)) == 0
    assert copy_to_office(_deps(office, keys, AFTER)) == 1
    assert "12月19日（土）" not in (_copies(office)[-6].html or "")
    assert "12月19日（土）" in (_copies(office)[-1].html or "")


def _fair_and_notice(office: Office, issue_id: int) -> tuple[int, int]:
    with database.reading(office.engine) as session:
        fair, _, notice = issues.content(session, issues.get(session, issue_id)).stories
        return fair.story_id, notice.story_id
