"""Approval is of exactly what was frozen, by people who may give it."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update

from newsletter import approvals, checks, database, issues
from newsletter.config import Settings
from newsletter.content import Notice, Text
from newsletter.errors import CheckFailedError, NotAllowedError, StaleError, StateError
from newsletter.models import Approval, Edition, Editor, Issue, Letter, Post
from tests.newsletter import newsroom
from tests.newsletter.newsroom import Office


@pytest.fixture
def office(engine: Engine, settings: Settings, now: datetime) -> Office:
    return newsroom.open_office(engine, settings, now)


@pytest.fixture
def issue_id(office: Office) -> int:
    with database.writing(office.engine) as session:
        return newsroom.draft(session, office).id


def _ask(office: Office, issue_id: int) -> None:
    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        newsroom.ask(session, office, issue)


def _give(office: Office, issue_id: int, editor_id: int) -> None:
    with database.writing(office.engine) as session:
        approvals.give(session, office.settings, issues.get(session, issue_id), editor_id=editor_id, now=office.now)


def _refuse(office: Office, issue_id: int, editor_id: int, comment: str) -> None:
    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        approvals.refuse(session, office.settings, issue, editor_id=editor_id, comment=comment, now=office.now)


def _state(office: Office, issue_id: int) -> str:
    with database.reading(office.engine) as session:
        return issues.get(session, issue_id).state


def _decisions(office: Office, issue_id: int) -> list[str]:
    with database.reading(office.engine) as session:
        return [line.decision for line in approvals.history(session, issues.get(session, issue_id))]


def test_an_issue_is_asked_for_and_then_approved(office: Office, issue_id: int) -> None:
    _ask(office, issue_id)
    asked = _state(office, issue_id)
    _give(office, issue_id, office.approver_id)

    assert (asked, _state(office, issue_id)) == ("asked", "approved")
    with database.reading(office.engine) as session:
        issue = issues.get(session, issue_id)
        lines = approvals.history(session, issue)
        assert [(line.decision, line.revision, line.frozen_hash) for line in lines] == [
            ("asked", 1, issue.frozen_hash),
            ("given", 1, issue.frozen_hash),
        ]


def test_an_error_stops_the_asking_and_freezes_nothing(office: Office) -> None:
    english_only = Notice(texts={"en": Text(title="Only English")})
    with database.writing(office.engine) as session:
        issue_id = newsroom.draft(session, office, (english_only,)).id

    with pytest.raises(CheckFailedError) as caught:
        _ask(office, issue_id)

    assert [(one.check, one.severity, one.language) for one in caught.value.findings if one.severity == "error"] == [
        ("translation", "error", "ja")
    ]
    assert _state(office, issue_id) == "draft"
    with database.reading(office.engine) as session:
        assert session.scalars(select(Edition)).all() == []


def test_an_editor_cannot_approve(office: Office, issue_id: int) -> None:
    _ask(office, issue_id)

    with pytest.raises(NotAllowedError):
        _give(office, issue_id, office.editor_id)
    with pytest.raises(NotAllowedError):
        _refuse(office, issue_id, office.editor_id, "no")

    assert _state(office, issue_id) == "asked"


def test_someone_who_has_left_the_office_cannot_approve(office: Office, issue_id: int) -> None:
    _ask(office, issue_id)
    with database.writing(office.engine) as session:
        session.execute(update(Editor).where(Editor.id == office.approver_id).values(disabled_at=office.now))

    with pytest.raises(NotAllowedError):
        _give(office, issue_id, office.approver_id)


def test_nobody_approves_what_nobody_asked_for(office: Office, issue_id: int) -> None:
    with pytest.raises(StateError, match="cannot be approved"):
        _give(office, issue_id, office.approver_id)


def test_what_was_altered_since_it_was_frozen_is_not_approved(office: Office, issue_id: int) -> None:
    _ask(office, issue_id)
    with database.writing(office.engine) as session:
        session.execute(update(Post).values(text="Something nobody saw"))

    with pytest.raises(StateError, match="has changed since it was frozen"):
        _give(office, issue_id, office.approver_id)

    assert _state(office, issue_id) == "asked"


def test_a_changed_sender_needs_a_new_approval(office: Office, issue_id: int) -> None:
    _ask(office, issue_id)
    publication = office.settings.publication.model_copy(update={"from_address": "other@example.org"})
    changed = replace(office, settings=office.settings.model_copy(update={"publication": publication}))

    with pytest.raises(StateError):
        _give(changed, issue_id, office.approver_id)


def test_an_issue_sent_back_is_a_draft_with_a_comment_for_its_editor(office: Office, issue_id: int) -> None:
    _ask(office, issue_id)

    _refuse(office, issue_id, office.approver_id, "Please check the venue.")

    assert _state(office, issue_id) == "draft"
    with database.reading(office.engine) as session:
        line = approvals.history(session, issues.get(session, issue_id))[-1]
        letter = session.scalars(select(Letter).where(Letter.to_address == "editor@example.org")).one()
        assert (line.decision, line.comment) == ("refused", "Please check the venue.")
        assert "Please check the venue." in letter.text


def test_an_issue_sent_back_can_be_asked_for_again(office: Office, issue_id: int) -> None:
    _ask(office, issue_id)
    _refuse(office, issue_id, office.approver_id, "Again, please.")
    _ask(office, issue_id)
    _give(office, issue_id, office.approver_id)

    assert _decisions(office, issue_id) == ["asked", "refused", "asked", "given"]


def test_an_office_of_one_approves_by_asking(office: Office, issue_id: int) -> None:
    alone = office.settings.approval.model_copy(update={"required": False})
    office = replace(office, settings=office.settings.model_copy(update={"approval": alone}))

    _ask(office, issue_id)

    assert _state(office, issue_id) == "approved"
    assert _decisions(office, issue_id) == ["asked", "given"]
    with database.reading(office.engine) as session:
        assert session.scalars(select(Letter)).all() == []


def test_what_was_prepared_before_a_save_cannot_be_asked_for(office: Office, issue_id: int) -> None:
    with database.reading(office.engine) as session:
        prepared = approvals.prepare(session, office.settings, issues.get(session, issue_id))
    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        checks.tick(session, issue, prepared.findings, editor_id=office.editor_id, now=office.now)
        content = issues.content(session, issue)
        changed = content.model_copy(update={"send_at": newsroom.SEND_AT + timedelta(hours=1)})
        issues.save(session, issue, changed, base=1, editor_id=None, now=office.now)

    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        with pytest.raises(StaleError):
            approvals.ask(
                session, office.settings, issue, editor_id=office.editor_id, now=office.now, prepared=prepared
            )
        session.rollback()


def test_findings_are_worded_in_the_language_of_the_editor(office: Office, issue_id: int) -> None:
    with database.reading(office.engine) as session:
        issue = issues.get(session, issue_id)
        spoken = approvals.prepare(session, office.settings, issue, speak="ja").findings
        fallen_back = approvals.prepare(session, office.settings, issue, speak="th").findings

    assert any("受け取る人はいません" in finding.message for finding in spoken)
    assert any("Nobody would get" in finding.message for finding in fallen_back)


def test_of_two_approvers_who_decide_at_once_one_is_told(any_engine: Engine, settings: Settings, now: datetime) -> None:
    office = newsroom.open_office(any_engine, settings, now)
    with database.writing(any_engine) as session:
        issue_id = newsroom.draft(session, office).id
    _ask(office, issue_id)
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def decide(name: str) -> None:
        start.wait()
        try:
            if name == "given":
                _give(office, issue_id, office.approver_id)
            else:
                _refuse(office, issue_id, office.approver_id, "No.")
        except StateError:
            outcomes.append("too late")
        else:
            outcomes.append(name)

    threads = [threading.Thread(target=decide, args=(name,)) for name in ("given", "refused")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    winner = next(name for name in outcomes if name != "too late")
    assert sorted(outcomes) == sorted([winner, "too late"])
    with database.reading(any_engine) as session:
        state = session.scalars(select(Issue.state)).one()
        assert state == {"given": "approved", "refused": "draft"}[winner]
        assert session.scalars(select(Approval.decision).order_by(Approval.id)).all() == ["asked", winner]


def test_a_warning_that_nobody_has_ticked_stops_the_asking(office: Office, issue_id: int) -> None:
    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        prepared = approvals.prepare(session, office.settings, issue)
        with pytest.raises(CheckFailedError) as caught:
            approvals.ask(
                session, office.settings, issue, editor_id=office.editor_id, now=office.now, prepared=prepared
            )

    assert {one.severity for one in caught.value.findings} == {"warning"}
    assert _state(office, issue_id) == "draft"
