"""What has had its time is forgotten, and nothing else."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from jobs.tasks.deps import Deps
from jobs.tasks.housekeeping import forget_expired
from newsletter import database, editors
from newsletter.config import Settings
from newsletter.keys import Keys
from newsletter.models import EditorSession, Letter
from subscribers.models import ReceivedMail
from tests.conftest import prepare


@pytest.fixture
def deps(any_engine: Engine, settings: Settings, keys: Keys, now: datetime) -> Deps:
    return Deps(settings, keys, any_engine, prepare(any_engine, settings, now), lambda: now)


def letter(settled_at: datetime | None, now: datetime) -> Letter:
    return Letter(
        kind="confirmation",
        to_address="a@example.org",
        language="en",
        subject="Please confirm",
        text="https://news.example.org/c/secret",
        html="<a href='https://news.example.org/c/secret'>",
        created_at=now,
        state="sent" if settled_at else "queued",
        settled_at=settled_at,
    )


def test_old_letters_keep_their_row_and_lose_their_words(deps: Deps, now: datetime) -> None:
    with database.writing(deps.engine) as session:
        session.add_all(
            [letter(now - timedelta(days=31), now), letter(now - timedelta(days=29), now), letter(None, now)]
        )

    assert forget_expired(deps) == 1
    assert forget_expired(deps) == 0

    with database.reading(deps.engine) as session:
        old, recent, queued = session.scalars(select(Letter).order_by(Letter.id))
    assert (old.text, old.html, old.subject, old.state) == ("", None, "", "sent")
    assert "secret" in recent.text
    assert "secret" in queued.text


def test_ended_sessions_are_deleted_and_live_ones_kept(deps: Deps, now: datetime) -> None:
    with database.writing(deps.engine) as session:
        hana = editors.create(
            session, email="hana@example.org", name="Hana", role="editor", password="a long password", now=now
        )
        for number, ends in enumerate((now - timedelta(seconds=1), now + timedelta(hours=1))):
            session.add(EditorSession(token_hash=bytes([number]) * 32, editor=hana, created_at=now, expires_at=ends))

    assert forget_expired(deps) == 1

    with database.reading(deps.engine) as session:
        assert session.scalars(select(EditorSession.token_hash)).all() == [b"\x01" * 32]


def test_received_letters_lose_their_text_after_three_months(deps: Deps, now: datetime) -> None:
    with database.writing(deps.engine) as session:
        for number, days in enumerate((91, 89)):
            received = ReceivedMail(
                message_hash=bytes([number]) * 32,
                kind="person",
                action="none",
                received_at=now - timedelta(days=days),
                raw=b"Dear office",
            )
            session.add(received)

    assert forget_expired(deps) == 1

    with database.reading(deps.engine) as session:
        assert session.scalars(select(ReceivedMail.raw).order_by(ReceivedMail.id)).all() == [None, b"Dear office"]
