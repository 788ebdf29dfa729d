"""The consent ledger: append, seal, verify, one person's story (DESIGN 5.8).

A line says that something happened to a random subject; what it was about (address, network
address, wording) stands in a payload beside it, to which the line commits by a salted hash.
Payloads can be deleted and the chain still verifies.
"""

import dataclasses
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.orm import Session

from subscribers.models import ConsentLine, ConsentPayload

SALT_BYTES = 32
GENESIS = bytes(32)
"""What the first line has as its previous hash."""

MAX_EVIDENCE = 1000
"""Characters kept of each piece of evidence; a stranger decides how long a header is."""

SEAL_BATCH = 1000
"""Lines sealed in one transaction, so that it stays short (DESIGN 6)."""

FORGOTTEN = "erased"
"""The event that lets a subject's payloads be missing."""


@dataclass(frozen=True)
class Evidence:
    """How somebody's wish reached us; only what is known is kept."""

    method: str = ""  # form, mail, link, one-click, import, editor, command line, bounce
    ip: str = ""
    agent: str = ""
    message_id: str = ""
    wording: str = ""  # the name or version of the words that were shown
    language: str = ""
    source: str = ""  # which page, poster or file
    actor: str = ""  # the member of the office who did it, if one did
    note: str = ""


@dataclass(frozen=True)
class Event:
    """One line to be appended."""

    publication_id: int | None
    subject: str
    event: str
    evidence: Evidence
    detail: Mapping[str, object]


@dataclass(frozen=True)
class Head:
    """The last sealed line; print it somewhere else, and `verify` can tell whether the ledger was rewritten."""

    sequence: int
    hash: bytes


@dataclass(frozen=True)
class Broken:
    """The first place where the ledger does not hold."""

    line_id: int | None
    sequence: int | None
    reason: str  # gap, previous, hash, payload, payload missing, head


@dataclass(frozen=True)
class Entry:
    """One line of one person's story."""

    at: datetime
    event: str
    publication_id: int | None
    sequence: int | None
    payload: dict[str, Any] | None  # none: forgotten


def append(
    session: Session,
    *,
    publication_id: int | None,
    subject: str,
    event: str,
    evidence: Evidence,
    detail: Mapping[str, object],
    now: datetime,
) -> ConsentLine:
    """Add one line and its payload, unsealed; return the line."""
    line, salt, payload = _line(Event(publication_id, subject, event, evidence, detail), now)
    row = ConsentLine(**line)
    session.add(row)
    session.flush()
    session.add(ConsentPayload(line_id=row.id, salt=salt, payload=payload))
    return row


def append_all(session: Session, events: Sequence[Event], *, now: datetime) -> None:
    """Add many lines in two statements, in the order given."""
    if not events:
        return
    made = [_line(event, now) for event in events]
    ids = session.scalars(
        insert(ConsentLine).returning(ConsentLine.id, sort_by_parameter_order=True), [line for line, _, _ in made]
    ).all()
    payloads = [
        {"line_id": line_id, "salt": salt, "payload": payload}
        for line_id, (_, salt, payload) in zip(ids, made, strict=True)
    ]
    session.execute(insert(ConsentPayload), payloads)


def seal(session: Session, *, limit: int = SEAL_BATCH) -> int:
    """Chain the oldest unsealed lines onto the head; return how many. Call again while it returns `limit`.

    Two clocks may seal at once: the rows are locked before the head is read, so the second
    waits, finds them sealed, and goes on from the new head.
    """
    open_lines = session.execute(
        select(*_SAID).where(ConsentLine.sequence.is_(None)).order_by(ConsentLine.id).limit(limit).with_for_update()
    ).all()
    last = head(session)
    sequence, previous = (last.sequence, last.hash) if last else (0, GENESIS)
    sealed = []
    for line in open_lines:
        sequence += 1
        this = _chain_hash(line, sequence, previous)
        sealed.append({"id": line.id, "sequence": sequence, "previous": previous, "hash": this})
        previous = this
    if sealed:
        session.execute(update(ConsentLine), sealed)
    return len(sealed)


def head(session: Session) -> Head | None:
    """Return the last sealed line, or None before the first sealing."""
    row = session.execute(
        select(ConsentLine.sequence, ConsentLine.hash)
        .where(ConsentLine.sequence.is_not(None))
        .order_by(ConsentLine.sequence.desc())
        .limit(1)
    ).one_or_none()
    return Head(row.sequence, row.hash) if row else None


def verify(session: Session, known: Head | None = None) -> Broken | None:
    """Return the first place where the ledger does not hold, or None.

    Every sealed line must continue the one before, every payload must be what its line
    commits to, and may be missing only where its subject has been forgotten. With a `known`
    head from an earlier report, that line must still be there unchanged.
    """
    forgotten = set(session.scalars(select(ConsentLine.subject).where(ConsentLine.event == FORGOTTEN)))
    return _broken_chain(session) or _broken_payload(session, forgotten) or _broken_head(session, known)


def story(session: Session, subject: str) -> list[Entry]:
    """Return everything the ledger says about one person, oldest first."""
    rows = session.execute(
        select(ConsentLine, ConsentPayload.payload)
        .outerjoin(ConsentPayload, ConsentPayload.line_id == ConsentLine.id)
        .where(ConsentLine.subject == subject)
        .order_by(ConsentLine.id)
    )
    return [
        Entry(line.at, line.event, line.publication_id, line.sequence, json.loads(payload) if payload else None)
        for line, payload in rows
    ]


def forget(session: Session, subjects: Iterable[str]) -> None:
    """Delete the payloads and salts of these subjects; append an `erased` line in the same transaction."""
    lines = select(ConsentLine.id).where(ConsentLine.subject.in_(list(subjects)))
    session.execute(delete(ConsentPayload).where(ConsentPayload.line_id.in_(lines)))


def _line(event: Event, now: datetime) -> tuple[dict[str, Any], bytes, str]:
    said = {name: value[:MAX_EVIDENCE] for name, value in dataclasses.asdict(event.evidence).items() if value}
    # ASCII only: what strangers write may hold NUL or lone surrogates, which no database takes.
    payload = json.dumps({**event.detail, "evidence": said}, sort_keys=True, default=str)
    salt = secrets.token_bytes(SALT_BYTES)
    line = {
        "publication_id": event.publication_id,
        "subject": event.subject,
        "event": event.event,
        "at": now,
        "commitment": _commitment(salt, payload),
    }
    return line, salt, payload


def _commitment(salt: bytes, payload: str) -> bytes:
    return hashlib.sha256(salt + payload.encode()).digest()


_STREAMED = {"yield_per": 1000}

# What a sealed line vouches for.
_SAID = (
    ConsentLine.id,
    ConsentLine.publication_id,
    ConsentLine.subject,
    ConsentLine.event,
    ConsentLine.at,
    ConsentLine.commitment,
)


def _chain_hash(line: Row[*tuple[Any, ...]], sequence: int, previous: bytes) -> bytes:
    said = [
        sequence,
        previous.hex(),
        line.publication_id,
        line.subject,
        line.event,
        line.at.isoformat(timespec="microseconds"),
        line.commitment.hex(),
    ]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).digest()


def _broken_chain(session: Session) -> Broken | None:
    expected, previous = 1, GENESIS
    lines = (
        select(*_SAID, ConsentLine.sequence, ConsentLine.previous, ConsentLine.hash)
        .where(ConsentLine.sequence.is_not(None))
        .order_by(ConsentLine.sequence)
    )
    with session.execute(lines, execution_options=_STREAMED) as rows:
        for line in rows:
            if line.sequence != expected:
                return Broken(line.id, expected, "gap")
            if line.previous != previous:
                return Broken(line.id, expected, "previous")
            if line.hash != _chain_hash(line, expected, previous):
                return Broken(line.id, expected, "hash")
            expected, previous = expected + 1, line.hash
    return None


def _broken_payload(session: Session, forgotten: set[str]) -> Broken | None:
    said = (ConsentLine.id, ConsentLine.sequence, ConsentLine.subject, ConsentLine.commitment)
    lines = (
        select(*said, ConsentPayload.salt, ConsentPayload.payload)
        .outerjoin(ConsentPayload, ConsentPayload.line_id == ConsentLine.id)
        .order_by(ConsentLine.id)
    )
    with session.execute(lines, execution_options=_STREAMED) as rows:
        for row in rows:
            if row.payload is None and row.subject not in forgotten:
                return Broken(row.id, row.sequence, "payload missing")
            if row.payload is not None and not hmac.compare_digest(row.commitment, _commitment(row.salt, row.payload)):
                return Broken(row.id, row.sequence, "payload")
    return None


def _broken_head(session: Session, known: Head | None) -> Broken | None:
    if known is None:
        return None
    kept = session.scalar(select(ConsentLine.hash).where(ConsentLine.sequence == known.sequence))
    return None if kept == known.hash else Broken(None, known.sequence, "head")
