"""What stands between a transaction and its commit: the journal is written first (DESIGN 5.7).

For every kind the order is: line on the disk, then commit, then the line's number as `done`.
A kill between line and commit leaves a line that no `done` follows. Whoever comes next, holding the
lock that every writer of the journal holds, finds it: a wish to leave is then carried out (safe: the
person asked), a release or a claim of a post is void (safe: nothing leaves before its `done` is on
the disk). A line whose `done` is there and that the database does not know says that the database is older.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from newsletter.journal import replay
from newsletter.journal.errors import HeldError, JournalError
from newsletter.journal.journal import Head, Journal
from newsletter.journal.lines import BINDING, PERSONAL
from newsletter.keys import Keys
from newsletter.models import Installation, JournalDebt
from subscribers import noted
from subscribers.noted import Note

log = structlog.get_logger()


@dataclass(frozen=True)
class Written:
    """What a transaction has in the journal, for after its commit."""

    installation: str
    number: int
    at: datetime
    binding: bool


@dataclass(frozen=True)
class Witness:
    """Keeps one installation's journal; `newsletter.database.writing` asks it."""

    journal: Journal
    keys: Keys

    @property
    def folder(self) -> Path:
        """Return where the journal lies."""
        return self.journal.folder

    def before_commit(self, session: Session) -> Written | None:
        """Write what this transaction noted, with fsync.

        Where that fails the wishes of people count all the same and are written later; a release or
        a claim raises HeldError instead.
        """
        notes = noted.take(session)
        if not notes:
            return None
        binding = any(note.event in BINDING for note in notes)
        try:
            return self._write(session, notes, binding=binding)
        except JournalError as error:
            if binding:
                message = f"{error} Nothing is sent or posted."
                raise HeldError(message) from error
            log.critical("journal not written", why=error.reason)
            _owe(session, notes)
            return None

    def after_commit(self, written: Written | None) -> None:
        """Say that the database has the lines; with fsync, and JournalError, where something leaves the house by it."""
        if written is None:
            return
        done = [Note("done", written.at, {"done": written.number})]
        try:
            self.journal.append(written.installation, done, now=written.at, sync=written.binding)
        except JournalError:
            if written.binding:
                raise
            log.warning("journal not written", number=written.number)

    def pay(self, session: Session, row: Installation, notes: Sequence[Note], *, now: datetime) -> Head:
        """Write what is owed, and then `notes`; return the new end. Raises JournalError."""
        owed = session.scalars(select(JournalDebt).order_by(JournalDebt.id)).all()
        debts = [Note(debt.event, debt.at, json.loads(debt.of)) for debt in owed]
        head = self.journal.append(row.name, [*debts, *notes], now=now)
        session.execute(delete(JournalDebt).where(JournalDebt.id.in_([debt.id for debt in owed])))
        return head

    def _write(self, session: Session, notes: list[Note], *, binding: bool) -> Written | None:
        row = lock(session)
        if row is None or (binding and (row.held or row.moved_at)):
            raise JournalError("held", HeldError.__doc__)
        head = self.journal.head()
        if head is None or head.installation != row.name or head.number < row.sequence:
            raise JournalError("no_journal", "The journal of this installation is not there.")
        follows = head.done <= row.sequence
        if not follows and binding:
            raise JournalError("restored", "The database is older than its journal.")
        if follows and head.matter > row.sequence:
            notes = [*settle(session, self, row, now=notes[0].at), *notes]
        head = self.pay(session, row, notes, now=notes[-1].at)
        if not follows:  # the gap must stay to be seen
            return None
        advance(session, head)
        return Written(row.name, head.matter, notes[-1].at, binding)


def lock(session: Session) -> Installation | None:
    """Return the installation's row, held to the end of the transaction, so that lines and commits keep one order."""
    row = select(Installation).with_for_update()
    return session.scalar(row, execution_options={"populate_existing": True})


def advance(session: Session, head: Head) -> None:
    """Note that the database has everything up to the end of the journal."""
    session.execute(update(Installation).values(sequence=head.matter))


def settle(session: Session, witness: Witness, row: Installation, *, now: datetime) -> list[Note]:
    """Deal with lines whose transaction never committed; return the note to write about it.

    Call with the lock held: then nobody is between line and commit any more.
    """
    left = witness.journal.since(row.sequence)
    replay.replay(session, left, keys=witness.keys, now=now)
    noted.take(session)  # what was just carried out stands in the journal already
    void = [line.number for line in left if line.event not in PERSONAL]
    log.warning("journal settled", lines=len(left), void=len(void))
    return [Note("settled", now, {"void": json.dumps(void)})]


def _owe(session: Session, notes: Sequence[Note]) -> None:
    for note in notes:
        session.add(JournalDebt(event=note.event, at=note.at, of=json.dumps(dict(note.of))))
    session.flush()
