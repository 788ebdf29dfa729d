"""`restore`, `move` and `backup` as a person types them, also where the data was copied to a second server."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from newsletter import config, database, journal, keys
from newsletter.config import Settings
from newsletter.models import Delivery, Installation
from subscribers.noted import Note
from tests.newsletter.cli.conftest import Run
from tests.newsletter.delivery import office as offices
from tests.newsletter.delivery import relays
from tests.newsletter.delivery.office import Office
from tests.newsletter.delivery.relays import Server

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture
def settings(config_file: Path, made: None) -> Settings:  # noqa: ARG001 - the database is there
    """Return the settings that commands read."""
    return config.load(config_file)


@pytest.fixture
def relay(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Return a mail server that takes everything, to which the settings point."""
    with relays.serving() as server:
        monkeypatch.setenv("NEWSLETTER_RELAY__PORT", str(server.port))
        yield server


@pytest.fixture
def office(settings: Settings) -> Office:
    """Return an office of three readers whose issue is being sent, with a journal."""
    engine = database.connect(settings.database)
    journal.attach(engine, settings, keys.load(settings.data_folder))
    assert not journal.look(engine, now=NOW)
    made = offices.make(engine, settings, NOW)
    engine.dispose()
    return made


def meanwhile(office: Office) -> None:
    """Let something happen that the database does not know."""
    witness = journal.witness_of(office.engine)
    assert witness is not None
    with database.reading(office.engine) as session:
        name = session.scalars(select(Installation.name)).one()
    released = Note("released", NOW, {"issue": office.issue_id, "number": 1, "language": "en"})
    head = witness.journal.append(name, [released], now=NOW)
    witness.journal.append(name, [Note("done", NOW, {"done": head.matter})], now=NOW)


def test_where_all_agrees_there_is_nothing_to_restore(run: Run, office: Office) -> None:
    assert office.states() == ["queued"] * 3

    ran = run("restore")

    assert (ran.code, "nothing to restore" in ran.out) == (0, True)


def test_a_script_restores_with_answers(run: Run, office: Office) -> None:
    meanwhile(office)

    silent = run("restore", "--issue", "9=sent")
    ran = run("restore", "--issue", "1=sent")

    assert (silent.code, "Nothing is asked about issue 9" in silent.err) == (1, True)
    assert (ran.code, "Sending and posting go on." in ran.out) == (0, True)
    assert "Issue 1: the journal says that it began to go out at 2026-11-24 02:00 UTC." in ran.out
    assert office.states() == ["uncertain"] * 3


def test_a_journal_that_is_there_is_not_thrown_away(run: Run, office: Office) -> None:
    meanwhile(office)

    ran = run("restore", "--without-journal", "--accept-risk", "--issue", "1=sent")

    assert (ran.code, "The journal is there" in ran.err) == (1, True)


def test_an_answer_that_is_none_is_refused(run: Run, office: Office) -> None:
    meanwhile(office)

    assert run("restore", "--issue", "1=perhaps").code == 2


def test_a_sender_that_may_not_send_says_so_and_ends(run: Run, office: Office) -> None:
    meanwhile(office)

    ran = run("work", "--drain")

    assert (ran.code, "Answer first: newsletter restore" in ran.err) == (1, True)
    assert office.states() == ["queued"] * 3


def test_doctor_names_the_journal(run: Run, office: Office) -> None:
    assert "agrees with the database" in run("doctor").out
    meanwhile(office)

    assert "a backup was put back" in run("doctor").out


def test_a_lost_journal_wants_an_explicit_word(
    run: Run, office: Office, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(settings.journal_folder)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "yes")

    refused = run("restore")
    unsure = run("restore", "--without-journal", "--issue", "1=not-sent")
    done = run("restore", "--without-journal", "--accept-risk", "--issue", "1=not-sent")

    assert (refused.code, "The journal is not there." in refused.err) == (1, True)
    assert (unsure.code, "may get mail again" in unsure.out) == (1, True)
    assert done.code == 0
    assert office.issue().paused_at is not None
    assert not journal.look(office.engine, now=NOW)


def test_a_second_server_sends_nothing_until_it_is_moved_in_and_then_the_first_does_not(
    run: Run, office: Office, relay: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    office.engine.dispose()
    second = tmp_path / "second"
    shutil.copytree(tmp_path / "data", second)

    def there(*words: str) -> tuple[int, str]:
        with monkeypatch.context() as elsewhere:
            elsewhere.setenv("NEWSLETTER_DATA_FOLDER", str(second))
            ran = run(*words)
        return ran.code, ran.err

    code, said = there("work", "--drain")
    assert (code, "stand in another place than before" in said) == (1, True)
    code, said = there("move", "in")
    assert (code, "may still send" in said) == (1, True)
    assert not relay.taken

    assert run("move", "out").code == 0
    assert run("work", "--drain").code == 1
    assert there("move", "in", "--old-server-is-off")[0] == 0
    assert not relay.taken
    assert there("work", "--drain")[0] == 0
    assert len(relay.taken) == 3


def test_data_copied_after_moving_out_needs_no_further_word(
    run: Run, office: Office, config_file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    office.engine.dispose()
    assert run("move", "out").code == 0
    shutil.copytree(config_file.parent / "data", tmp_path / "second")
    monkeypatch.setenv("NEWSLETTER_DATA_FOLDER", str(tmp_path / "second"))

    assert run("move", "in").code == 0

    assert "nothing to move in" in run("move", "in").err


def test_nobody_moves_out_while_mail_is_on_its_way(run: Run, office: Office) -> None:
    with database.writing(office.engine) as session:
        insert = "INSERT INTO claim (boot_id, holder, claimed_at, lease_until) VALUES ('b', 'h:1:n', 'now', 'now')"
        session.connection().exec_driver_sql(insert)

    ran = run("move", "out")

    assert (ran.code, "Stop the server" in ran.err) == (1, True)


def test_a_backup_is_whole_and_holds_neither_secrets_nor_journal(
    run: Run, office: Office, settings: Settings, tmp_path: Path
) -> None:
    with database.writing(office.engine) as session:  # stands in the log beside the file, which a plain copy misses
        session.execute(update(Delivery).values(attempts=7))

    ran = run("backup", tmp_path / "copies", "--keys-to", tmp_path / "secrets")

    assert ran.code == 0
    (copy,) = (tmp_path / "copies").glob("newsletter-*.sqlite")
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT min(attempts) FROM delivery").fetchone() == (7,)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [path.suffix for path in sorted((tmp_path / "copies").iterdir())] == [".toml", ".sqlite"]
    (secret,) = (tmp_path / "secrets").iterdir()
    assert secret.read_text() == (settings.data_folder / "keys.json").read_text()
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600


@pytest.mark.usefixtures("office")
def test_the_secrets_do_not_go_where_the_database_goes(run: Run, tmp_path: Path) -> None:
    ran = run("backup", tmp_path / "copies", "--keys-to", tmp_path / "copies" / "keys")

    assert (ran.code, "must not lie with" in ran.err) == (1, True)
    assert not os.path.lexists(tmp_path / "copies")


def test_postgresql_is_copied_by_its_own_tool(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NEWSLETTER_DATABASE_URL", "postgresql://news:secret@db.example.org/news")

    ran = run("backup", tmp_path / "copies")

    assert (ran.code, "pg_dump --format=custom" in ran.err, "secret" in ran.err) == (1, True, False)
