"""A copy taken before one issue and three unsubscriptions is put back: nothing leaves until a person has answered.

Everything is real: the server, its sender, a mail server that keeps what it accepts, a page that keeps its posts.
"""

import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from newsletter import database, journal, keys, publications
from newsletter.cli import backup
from newsletter.config import load
from newsletter.models import Issue
from newsletter.sandbox.catcher import store
from newsletter.sandbox.demo import cast, ground, outcome, servers
from newsletter.sandbox.demo.cast import Office
from subscribers import lifecycle
from subscribers.consent import Evidence
from subscribers.models import Subscription

QUIET_SECONDS = 3.0
"""Several ticks of the clock and looks of the sender."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Return the demo's office beside its mail server and its page; the product does not run yet."""
    place = ground.prepare(tmp_path / "demo", lan=False)
    with servers.sandbox(place):
        settings = load(place.config)
        engine = database.connect(settings.database)
        database.upgrade(engine)
        secrets = keys.load(settings.data_folder)
        journal.attach(engine, settings, secrets)
        journal.look(engine)
        with database.writing(engine) as session:
            publication_id = publications.sync(session, settings.publication, now=datetime.now(UTC)).id
        made = Office(place, settings, secrets, engine, publication_id)
        cast.fill(made)
        yield made
        engine.dispose()


def newsletter(office: Office, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a person types it."""
    command = [sys.executable, "-P", "-m", "newsletter", "--config", str(office.ground.config), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, stdin=subprocess.DEVNULL)


def mails(office: Office) -> int:
    return sum(b"List-Id" in caught.raw for caught in store.read(office.ground.folder / "mail" / "messages"))


def posts(office: Office) -> int:
    with closing(sqlite3.connect(next((office.ground.folder / "graph").glob("*.sqlite*")))) as page:
        return int(page.execute("SELECT count(*) FROM post").fetchone()[0])


def put_back(office: Office, copy: Path) -> None:
    """Put a copy over the database as a person does with `cp`."""
    office.engine.dispose()
    file = office.settings.data_folder / "newsletter.sqlite"
    for beside in ("-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    shutil.copyfile(copy, file)


def leave(office: Office, subscription_ids: list[int]) -> None:
    for number in subscription_ids:
        with database.writing(office.engine) as session:
            lifecycle.leave(
                session,
                session.get_one(Subscription, number),
                suppression_key=office.keys.suppression,
                evidence=Evidence(method="one-click"),
                now=datetime.now(UTC),
            )


def states(office: Office, subscription_ids: list[int]) -> set[str]:
    with database.reading(office.engine) as session:
        return set(session.scalars(select(Subscription.state).where(Subscription.id.in_(subscription_ids))))


@pytest.mark.proof
def test_a_restored_copy_sends_nothing_twice_and_nobody_who_left(office: Office, tmp_path: Path) -> None:
    issue_id = cast.send(office, "issue", datetime.now(UTC) + timedelta(seconds=4))
    copy = tmp_path / "copy.sqlite"
    backup.copy_database(office.settings.data_folder / "newsletter.sqlite", copy)
    with servers.product(office.ground):
        assert outcome.wait(office, issue_id, 60)
        with database.reading(office.engine) as session:
            three = list(session.scalars(select(Subscription.id).where(Subscription.state == "active").limit(3)))
        leave(office, three)
    sent, posted = mails(office), posts(office)
    assert sent
    assert posted

    put_back(office, copy)
    assert states(office, three) == {"active"}
    with servers.product(office.ground):
        time.sleep(QUIET_SECONDS)
        assert (mails(office), posts(office)) == (sent, posted)
        answered = newsletter(office, "restore", "--issue", "1=sent")
        assert "Sending and posting go on." in answered.stdout, answered.stderr
        assert outcome.wait(office, issue_id, 60)
        time.sleep(QUIET_SECONDS)

    assert states(office, three) == {"left"}
    assert (mails(office), posts(office)) == (sent, posted)
    with database.reading(office.engine) as session:
        assert session.get_one(Issue, issue_id).state == "closed"
