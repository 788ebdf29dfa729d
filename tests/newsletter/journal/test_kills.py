"""A process is killed with SIGKILL between the journal's line and the database's commit, for each kind of event."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from newsletter import database, erasure, journal
from newsletter.config import Settings
from newsletter.delivery import closing
from newsletter.journal import Witness
from newsletter.keys import Keys
from newsletter.models import Delivery, Installation, Issue
from subscribers import lifecycle, noted
from subscribers.consent import Evidence
from subscribers.models import Subscriber, Subscription
from tests.newsletter.delivery import office as offices
from tests.newsletter.delivery.office import Office

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
EVIDENCE = Evidence(method="link")

Act = Callable[[Session, Office, Settings, Keys], object]


def leave(session: Session, office: Office, _settings: Settings, keys: Keys) -> None:
    mine = session.get_one(Subscription, office.subscriptions[0])
    lifecycle.leave(session, mine, suppression_key=keys.suppression, evidence=EVIDENCE, now=NOW)


def complain(session: Session, office: Office, _settings: Settings, keys: Keys) -> None:
    mine = session.get_one(Subscription, office.subscriptions[0])
    lifecycle.complain(session, mine, suppression_key=keys.suppression, evidence=EVIDENCE, now=NOW)


def hold(session: Session, office: Office, _settings: Settings, keys: Keys) -> None:
    mine = session.get_one(Subscription, office.subscriptions[0])
    lifecycle.hold(session, mine, suppression_key=keys.suppression, evidence=EVIDENCE, reason="dead", now=NOW)


def erase(session: Session, office: Office, _settings: Settings, keys: Keys) -> None:
    person = session.get_one(Subscriber, session.get_one(Subscription, office.subscriptions[0]).subscriber_id)
    erasure.erase(session, person, keys=keys, evidence=EVIDENCE, now=NOW)


def close(session: Session, office: Office, settings: Settings, _keys: Keys) -> None:
    session.execute(update(Delivery).values(state="sent", settled_at=NOW))
    assert closing.close_if_done(session, settings, session.get_one(Issue, office.issue_id), now=NOW)


def release(session: Session, office: Office, _settings: Settings, _keys: Keys) -> None:
    noted.note(session, "released", now=NOW, issue=office.issue_id, number=1, language="ja")


def claim(session: Session, office: Office, _settings: Settings, _keys: Keys) -> None:
    noted.note(session, "claimed", now=NOW, post=1, issue=office.issue_id, language="en")


@pytest.mark.parametrize(
    ("act", "reader"),
    [
        (leave, "left"),
        (complain, "left"),
        (hold, "held"),
        (erase, "erased"),
        (close, "active"),
        (release, "active"),
        (claim, "active"),
    ],
)
def test_a_kill_before_the_commit_errs_on_the_safe_side(
    engine: Engine, settings: Settings, keys: Keys, act: Act, reader: str
) -> None:
    witness = journal.attach(engine, settings, keys)
    journal.look(engine, now=NOW)
    office = offices.make(engine, settings, NOW)
    before = witness.journal.head()
    engine.dispose()

    _run_and_kill(settings, keys, office, act)

    after = witness.journal.head()
    assert before is not None
    assert after is not None
    assert after.matter > before.matter
    assert office.subscription(0).state == "active"
    assert not journal.look(engine, now=NOW)
    assert (office.subscription(0).state, office.issue().state) == (reader, "sending")
    assert journal.may_send(engine)
    with database.reading(engine) as session:
        assert session.get_one(Installation, 1).sequence > after.matter  # what it left has been settled, once


def _run_and_kill(settings: Settings, keys: Keys, office: Office, act: Act) -> None:
    process = multiprocessing.get_context("fork").Process(target=_die, args=(settings, keys, office, act))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


def _die(settings: Settings, keys: Keys, office: Office, act: Act) -> None:
    engine = database.connect(settings.database)
    witness = journal.attach(engine, settings, keys)
    with database.writing(engine) as session:
        act(session, office, settings, keys)
        assert Witness.before_commit(witness, session) is not None
        os.kill(os.getpid(), signal.SIGKILL)
