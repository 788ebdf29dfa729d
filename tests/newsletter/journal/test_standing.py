"""Database and journal compared: what a kill leaves, what a restored copy shows, what stops."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from newsletter import database, journal
from newsletter.config import Settings
from newsletter.journal import HeldError, Witness
from newsletter.keys import Keys
from newsletter.models import Installation, JournalDebt
from subscribers import lifecycle, noted, suppression
from subscribers.consent import Evidence
from subscribers.models import Subscription
from tests.newsletter.delivery import office as offices
from tests.newsletter.delivery.office import Office

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture
def office(any_engine: Engine, settings: Settings, keys: Keys) -> Office:
    """Return an office with readers whose journal has begun."""
    witness = journal.attach(any_engine, settings, keys)
    made = offices.make(any_engine, settings, NOW)
    assert not journal.look(any_engine, now=NOW)
    assert witness.folder == settings.data_folder / "journal"
    return made


@pytest.fixture
def witness(office: Office) -> Witness:
    """Return what keeps the office's journal."""
    found = journal.witness_of(office.engine)
    assert found is not None
    return found


def leave(office: Office, number: int = 0, key: bytes = b"s" * 32) -> None:
    with database.writing(office.engine) as session:
        subscription = session.get_one(Subscription, office.subscriptions[number])
        lifecycle.leave(session, subscription, suppression_key=key, evidence=Evidence(method="form"), now=NOW)


def release(office: Office) -> None:
    with database.writing(office.engine) as session:
        noted.note(session, "released", now=NOW, issue=office.issue_id, number=1, language="en")


def sequence(office: Office) -> int:
    with database.reading(office.engine) as session:
        return session.scalars(select(Installation.sequence)).one()


class Killed(BaseException):
    """The process ends here."""


def test_leaving_stands_in_the_journal_without_the_address(office: Office, witness: Witness) -> None:
    leave(office)

    assert [line.event for line in witness.journal.since(1)][-2:] == ["left", "done"]
    assert "example.org" not in "".join(path.read_text() for path in witness.folder.glob("*.jsonl"))


def test_a_kill_between_line_and_commit_honours_a_wish_to_leave(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    _die_before_commit(monkeypatch)
    with pytest.raises(Killed):
        leave(office)
    monkeypatch.undo()
    assert office.subscription(0).state == "active"

    assert not journal.look(office.engine, now=NOW)

    assert office.subscription(0).state == "left"


@pytest.mark.parametrize("event", ["released", "claimed"])
def test_a_kill_between_line_and_commit_makes_a_release_or_claim_void(
    office: Office, witness: Witness, monkeypatch: pytest.MonkeyPatch, event: str
) -> None:
    _die_before_commit(monkeypatch)
    with pytest.raises(Killed), database.writing(office.engine) as session:
        noted.note(session, event, now=NOW, issue=office.issue_id, number=1, language="en", post=1)
    monkeypatch.undo()

    assert not journal.look(office.engine, now=NOW)

    assert [line.event for line in witness.journal.since(1)][-2:] == ["settled", "done"]
    assert journal.may_send(office.engine)


def test_a_kill_of_one_process_is_settled_by_the_next_writer(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    _die_before_commit(monkeypatch)
    with pytest.raises(Killed):
        leave(office, 0)
    monkeypatch.undo()

    leave(office, 1)

    assert [office.subscription(number).state for number in range(3)] == ["left", "left", "active"]
    assert not journal.look(office.engine, now=NOW)


def test_nothing_is_sent_before_the_journal_has_its_release_as_done(
    office: Office, witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Witness, "after_commit", _killed)
    with pytest.raises(Killed):
        release(office)
    monkeypatch.undo()
    before = witness.journal.head()
    assert before is not None
    assert before.done < sequence(office)

    assert journal.may_send(office.engine)

    after = witness.journal.head()
    assert after is not None
    assert after.done == sequence(office)


def test_an_older_database_sends_nothing(office: Office) -> None:
    before = sequence(office)
    leave(office)
    release(office)
    _go_back(office, before)

    assert not journal.may_send(office.engine)
    assert journal.is_held(office.engine)
    with pytest.raises(HeldError):
        release(office)


def test_an_older_database_still_lets_people_leave(office: Office) -> None:
    before = sequence(office)
    release(office)
    _go_back(office, before)

    leave(office, 1)

    assert office.subscription(1).state == "left"
    assert journal.look(office.engine, now=NOW) == "restored"


def test_a_full_disk_holds_releases_and_lets_people_leave(
    office: Office, witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.journal.journal._put", _no_room)

    leave(office)
    with pytest.raises(HeldError, match="Nothing is sent"):
        release(office)

    assert office.subscription(0).state == "left"
    assert journal.look(office.engine, now=NOW) == "unwritable"
    monkeypatch.undo()
    assert not journal.look(office.engine, now=NOW)
    assert "left" in [line.event for line in witness.journal.since(1)]
    with database.reading(office.engine) as session:
        assert not session.scalars(select(JournalDebt)).all()


def test_a_copied_folder_is_known_for_a_copy(office: Office, witness: Witness, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(witness.folder, copy)
    shutil.rmtree(witness.folder)
    shutil.move(copy, witness.folder)

    assert journal.look(office.engine, now=NOW) == "copied"


def test_without_its_journal_nothing_is_sent(office: Office, witness: Witness) -> None:
    shutil.rmtree(witness.folder)

    assert not journal.may_send(office.engine)
    assert journal.look(office.engine, now=NOW) == "no_journal"


def test_a_journal_that_comes_back_ends_the_wait(office: Office, witness: Witness, tmp_path: Path) -> None:
    witness.folder.rename(tmp_path / "elsewhere")
    assert journal.look(office.engine, now=NOW) == "no_journal"
    (tmp_path / "elsewhere").rename(witness.folder)

    assert not journal.look(office.engine, now=NOW)
    assert journal.may_send(office.engine)


def test_a_journal_of_another_installation_counts_for_nothing(office: Office, witness: Witness) -> None:
    shutil.rmtree(witness.folder)
    witness.journal.head()
    journal.Journal(witness.folder, b"s" * 32).begin("b" * 32, NOW)

    assert journal.look(office.engine, now=NOW) == "other_journal"


def test_a_database_from_before_the_journal_is_an_older_copy_too(office: Office) -> None:
    with office.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM installation")

    assert journal.look(office.engine, now=NOW) == "restored"


def test_a_confirmed_return_is_in_the_journal_too(office: Office, witness: Witness) -> None:
    leave(office)
    with database.writing(office.engine) as session:
        line = witness.journal.since(1)[-2]
        suppression.lift(session, office.publication_id, bytes.fromhex(line.of["address"]), now=NOW)

    assert [line.event for line in witness.journal.since(1)][-4:] == ["left", "done", "lifted", "done"]


def _go_back(office: Office, number: int) -> None:
    with office.engine.begin() as connection:
        connection.execute(update(Installation).values(sequence=number))


def _killed(*_: object) -> None:
    raise Killed


def _die_before_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Witness.before_commit

    def write_and_die(self: Witness, session: object) -> None:
        whole(self, session)  # type: ignore[arg-type]  # the session's class is of no matter here
        raise Killed

    monkeypatch.setattr(Witness, "before_commit", write_and_die)


def _no_room(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")
