"""Whether this installation may send and post, or must wait for a person's answer (DESIGN 5.7)."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

import structlog
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from newsletter import database
from newsletter.journal import place
from newsletter.journal.errors import JournalError
from newsletter.journal.journal import Head
from newsletter.journal.witness import Witness, advance, lock, settle
from newsletter.models import Installation, JournalDebt
from subscribers import guarded
from subscribers.noted import Note

REASONS = (
    "restored",  # the journal knows more than the database: it is an older copy
    "copied",  # the journal or the database stands on another machine or in another folder than it was made
    "moved_out",  # another server sends now
    "no_journal",  # there is none
    "other_journal",  # it is another installation's
    "old_journal",  # it ends before the database does
    "damaged",  # a line is not what was written
    "unwritable",  # the disk is full or read-only
)

log = structlog.get_logger()


def look(engine: Engine, *, now: datetime | None = None) -> str:
    """Compare database, journal and place; return why nothing may leave (one of `REASONS`), or an empty string.

    The answer is kept in the database, where every process sees it. A first start begins the journal,
    and what a killed process left between journal and database is settled.
    """
    witness = witness_of(engine)
    if witness is None:
        return ""
    moment = now or datetime.now(UTC)
    with database.writing(engine) as session:
        row = lock(session) or _begin(session, witness, moment)
        reason, head = _judged(session, witness, row)
        if not reason and head:
            reason = _tidy(session, witness, row, head, moment)
        if reason != row.held:
            _note(session, row, reason, moment)
        number = row.sequence
    if not reason and head and head.done < number:
        _confirm(witness, row.name, number, moment)
    return reason


def judge(session: Session, witness: Witness, row: Installation, *, as_moved_in: bool = False) -> str:
    """Return why nothing may leave, without changing anything; `as_moved_in` asks about the journal alone."""
    if not as_moved_in:
        return _judged(session, witness, row)[0]
    try:
        return _differ(row, witness.journal.head())
    except JournalError as error:
        return error.reason


def held(session: Session) -> str:
    """Return why nothing may leave, as it was found at the last look; an empty string: all is well."""
    return session.scalar(select(Installation.held)) or ""


def is_held(engine: Engine) -> bool:
    """Return whether nothing may leave."""
    with database.reading(engine) as session:
        return bool(held(session))


def may_send(engine: Engine) -> bool:
    """Return whether mail may leave now: what the database holds is known to be in the journal, durably.

    Cheap: one row is read and one file is asked for its size. Where they differ `look` is asked why.
    """
    witness = witness_of(engine)
    if witness is None:
        return True
    with database.reading(engine) as session:
        row = session.scalar(select(Installation))
    if row is None or row.held:
        return not look(engine) if row is None else False
    try:
        head = witness.journal.head()
    except JournalError:
        head = None
    if head is not None and head.done == row.sequence and head.installation == row.name:
        return True
    return not look(engine) and _is_confirmed(engine, witness)


def owes(session: Session) -> bool:
    """Return whether lines wait to be written to the journal."""
    return session.scalar(select(JournalDebt.id).limit(1)) is not None


def witness_of(engine: Engine) -> Witness | None:
    """Return what keeps the journal of this engine's database; none: it has none."""
    witness: Witness | None = engine.get_execution_options().get(database.WITNESS)
    return witness


def _begin(session: Session, witness: Witness, now: datetime) -> Installation:
    """Make the row at the first start; a second process that does so at the same moment finds it."""
    values = {"name": secrets.token_hex(16), "generation": 1, "sequence": 0, "place": "", "began_at": now, "held": ""}
    guarded.insert(session, Installation, id=1, **values)
    row = lock(session)
    if row is None:
        raise JournalError("no_journal")
    try:
        head = witness.journal.head()
        if head is not None and head.number == 1 and not head.done:
            row.name = head.installation  # a process that was killed at this very point began it
        elif head is None:
            head = witness.journal.begin(row.name, now)
        else:
            row.name = head.installation  # written with our keys: it is ours, and knows what this database does not
            session.flush()
            return row
        row.place = place.settle(session, witness.folder)
        row.sequence = head.matter
        session.flush()
    except (JournalError, OSError):
        log.critical("journal cannot be begun", folder=str(witness.folder))
    return row


def _judged(session: Session, witness: Witness, row: Installation) -> tuple[str, Head | None]:
    if row.moved_at is not None:
        return "moved_out", None
    try:
        head = witness.journal.head()
        here = place.of(session, witness.folder)
    except JournalError as error:
        return error.reason, None
    except OSError:
        return "unwritable", None
    return _differ(row, head) or ("" if here == row.place else "copied"), head


def _differ(row: Installation, head: Head | None) -> str:
    if head is None:
        return "no_journal"
    if head.installation != row.name:
        return "other_journal"
    if head.done > row.sequence:
        return "restored"
    return "old_journal" if head.number < row.sequence else ""


def _tidy(session: Session, witness: Witness, row: Installation, head: Head, now: datetime) -> str:
    """Settle lines that never committed and write lines that are owed; return why that was not possible."""
    notes: Sequence[Note] = ()
    if head.matter > row.sequence:
        notes = settle(session, witness, row, now=now)
    if not notes and not owes(session):
        return ""
    try:
        written = witness.pay(session, row, notes, now=now)
    except JournalError as error:
        return error.reason
    advance(session, written)
    return ""


def _note(session: Session, row: Installation, reason: str, now: datetime) -> None:
    since = row.held_at if row.held and reason else (now if reason else None)
    session.execute(update(Installation).values(held=reason, held_at=since))
    if reason:
        log.critical("nothing is sent or posted", why=reason)
    else:
        log.warning("sending and posting again")


def _confirm(witness: Witness, name: str, number: int, now: datetime) -> None:
    try:
        witness.journal.append(name, [Note("done", now, {"done": number})], now=now)
    except JournalError as error:
        log.critical("journal not written", why=error.reason)


def _is_confirmed(engine: Engine, witness: Witness) -> bool:
    with database.reading(engine) as session:
        sequence = session.scalar(select(Installation.sequence))
    head = witness.journal.head()
    return head is not None and head.done == sequence
