"""Editors: added, let in, shut out."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from newsletter import database, editors
from newsletter.errors import EditorError, NotAllowedError, NotFoundError
from newsletter.keys import Keys
from newsletter.models import Audit, Editor, EditorSession

PASSWORD = "seven fairs in spring"


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Return a session in one write transaction."""
    with database.writing(engine) as session:
        yield session


@pytest.fixture
def hana(session: Session, now: datetime) -> Editor:
    """Return an editor with a password."""
    return _add(session, now)


def _add(session: Session, now: datetime, **changes: str) -> Editor:
    values = {"email": "Hana@Example.org", "name": "Hana Mori", "role": "editor", "password": PASSWORD} | changes
    return editors.create(session, now=now, **values)


def test_an_editor_is_kept_with_a_hash_and_a_line_in_the_audit(session: Session, hana: Editor) -> None:
    assert editors.exist(session)
    assert hana.email == "hana@example.org"
    assert PASSWORD not in (hana.password_hash or PASSWORD)
    assert session.scalars(select(Audit.subject).where(Audit.action == "add")).all() == [f"editor {hana.id}"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"email": "nobody"}, "email"),
        ({"name": " \n "}, "name"),
        ({"role": "king"}, "role"),
        ({"password": "short"}, "short"),
        ({"password": "x" * 500}, "long"),
        ({"password": "aaaaaaaaaaaaaaaa"}, "simple"),
    ],
)
def test_an_editor_that_cannot_be_is_refused_with_the_reason(
    session: Session, now: datetime, changes: dict[str, str], reason: str
) -> None:
    with pytest.raises(EditorError) as refusal:
        _add(session, now, **changes)

    assert refusal.value.reason == reason
    assert reason in editors.REASONS
    assert not editors.exist(session)


@pytest.mark.usefixtures("hana")
def test_one_address_is_one_editor_however_it_is_written(session: Session, now: datetime) -> None:
    with pytest.raises(EditorError) as refusal:
        _add(session, now, email=" HANA@example.ORG ")

    assert refusal.value.reason == "taken"


def test_a_name_is_one_line(session: Session, now: datetime) -> None:
    assert _add(session, now, name=" Hana\r\nMori ").name == "Hana Mori"


def test_an_editor_is_found_by_address(session: Session, hana: Editor) -> None:
    assert editors.by_email(session, "HANA@example.org") is hana
    with pytest.raises(NotFoundError):
        editors.by_email(session, "ken@example.org")


def test_only_the_right_password_lets_in(session: Session, hana: Editor) -> None:
    assert editors.authenticate(session, email="hana@EXAMPLE.org", password=PASSWORD) is hana
    assert editors.authenticate(session, email="hana@example.org", password=PASSWORD.upper()) is None
    assert editors.authenticate(session, email="ken@example.org", password=PASSWORD) is None
    assert editors.authenticate(session, email="not an address", password=PASSWORD) is None


def test_a_disabled_editor_is_shut_out_at_once(session: Session, hana: Editor, now: datetime) -> None:
    token = editors.open_session(session, hana, now=now)
    hana.disabled_at = now
    session.flush()

    assert editors.authenticate(session, email=hana.email, password=PASSWORD) is None
    assert editors.find_session(session, token, now=now) is None


def test_an_editor_without_a_password_cannot_log_in_with_an_empty_one(session: Session, now: datetime) -> None:
    session.add(Editor(email="clock@example.org", name="Clock", role="editor", created_at=now))

    assert editors.authenticate(session, email="clock@example.org", password="") is None


def test_a_session_lasts_a_working_day(session: Session, hana: Editor, now: datetime) -> None:
    token = editors.open_session(session, hana, now=now)

    assert editors.find_session(session, token, now=now + timedelta(hours=11, minutes=59)) is hana
    assert editors.find_session(session, token, now=now + timedelta(hours=12)) is None


def test_the_database_holds_no_token_that_opens_a_session(session: Session, hana: Editor, now: datetime) -> None:
    token = editors.open_session(session, hana, now=now)
    session.flush()

    kept = session.scalars(select(EditorSession.token_hash)).one()

    assert kept != token.encode()
    assert editors.find_session(session, kept.hex(), now=now) is None


def test_no_two_sessions_share_a_token(session: Session, hana: Editor, now: datetime) -> None:
    first, second = (editors.open_session(session, hana, now=now) for _ in range(2))
    editors.close_session(session, first)

    assert editors.find_session(session, first, now=now) is None
    assert editors.find_session(session, second, now=now) is hana


def test_sessions_that_are_over_are_swept_away(session: Session, hana: Editor, now: datetime) -> None:
    editors.open_session(session, hana, now=now)
    editors.open_session(session, hana, now=now + timedelta(days=1))
    session.flush()

    assert len(session.scalars(select(EditorSession)).all()) == 1


def test_a_new_password_ends_every_session_of_that_editor_only(session: Session, hana: Editor, now: datetime) -> None:
    ken = _add(session, now, email="ken@example.org", name="Ken")
    tokens = [editors.open_session(session, hana, now=now) for _ in range(2)]
    others = editors.open_session(session, ken, now=now)

    editors.change_password(session, hana, "another long sentence", now=now)

    assert [editors.find_session(session, token, now=now) for token in tokens] == [None, None]
    assert editors.find_session(session, others, now=now) is ken
    assert editors.authenticate(session, email=hana.email, password=PASSWORD) is None
    assert editors.authenticate(session, email=hana.email, password="another long sentence") is hana


def test_a_weak_new_password_changes_nothing(session: Session, hana: Editor, now: datetime) -> None:
    token = editors.open_session(session, hana, now=now)

    with pytest.raises(EditorError):
        editors.change_password(session, hana, "short", now=now)

    assert editors.find_session(session, token, now=now) is hana


def test_each_role_may_do_what_the_former_may() -> None:
    allowed = {role: [wish for wish in editors.ROLES if editors.may(Editor(role=role), wish)] for role in editors.ROLES}

    assert allowed == {
        "editor": ["editor"],
        "approver": ["editor", "approver"],
        "admin": ["editor", "approver", "admin"],
    }
    with pytest.raises(NotAllowedError):
        editors.demand(Editor(role="editor"), "approver")


def test_the_set_up_code_belongs_to_the_installation(keys: Keys) -> None:
    code = editors.setup_code(keys)
    other = Keys(unsubscribe=keys.unsubscribe, suppression=keys.suppression, session=b"x" * 32, form=keys.form)

    assert len(code) == 19
    assert editors.setup_code(other) != code
    assert editors.is_setup_code(keys, code)
    assert editors.is_setup_code(keys, f" {code.upper().replace('-', ' ')}\n")
    assert not editors.is_setup_code(other, code)
    assert not editors.is_setup_code(keys, "")
    assert not editors.is_setup_code(keys, code[:-1])
    assert not editors.is_setup_code(keys, "コード")
