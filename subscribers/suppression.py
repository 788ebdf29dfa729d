"""Addresses that no import, editor or restore can bring back; only the person can (DESIGN 5.3)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from subscribers import guarded, noted
from subscribers.models import Suppression

REASONS = ("left", "bounced", "complained", "erased")


def suppress(session: Session, publication_id: int, address_hash: bytes, *, reason: str, now: datetime) -> None:
    """Put an address on the list. A complaint in force stays a complaint, whatever follows it."""
    noted.note(session, reason, now=now, publication=publication_id, address=address_hash.hex())
    if guarded.insert(
        session, Suppression, publication_id=publication_id, address_hash=address_hash, reason=reason, at=now
    ):
        return
    may_change = Suppression.lifted_at.is_not(None) | (Suppression.reason != "complained")
    session.execute(
        update(Suppression)
        .where(_is(publication_id, address_hash), may_change)
        .values(reason=reason, at=now, lifted_at=None, asked_at=None)
    )


def reason(session: Session, publication_id: int, address_hash: bytes) -> str | None:
    """Return why the address is suppressed; None: it is not."""
    return session.scalar(
        select(Suppression.reason).where(_is(publication_id, address_hash), Suppression.lifted_at.is_(None))
    )


def reasons(session: Session, publication_id: int, hashes: Collection[bytes]) -> dict[bytes, str]:
    """Return why addresses are suppressed, for those of `hashes` that are."""
    rows = session.execute(
        select(Suppression.address_hash, Suppression.reason).where(
            Suppression.publication_id == publication_id,
            Suppression.address_hash.in_(hashes),
            Suppression.lifted_at.is_(None),
        )
    )
    return dict(rows.all())


def lift(session: Session, publication_id: int, address_hash: bytes, *, now: datetime) -> str | None:
    """Lift it at the person's own confirmed request; return the reason it had, which goes into the ledger."""
    was = reason(session, publication_id, address_hash)
    in_force = (_is(publication_id, address_hash), Suppression.lifted_at.is_(None))
    lifted = guarded.write(session, update(Suppression).where(*in_force).values(lifted_at=now))
    if not lifted:
        return None
    noted.note(session, "lifted", now=now, publication=publication_id, address=address_hash.hex())
    return was


def grant_letter(session: Session, publication_id: int, address_hash: bytes, *, now: datetime) -> bool:
    """Return whether a confirmation letter may be written to this address now.

    After a complaint exactly one may, at the person's own request; a guarded update decides who gets it.
    """
    if reason(session, publication_id, address_hash) != "complained":
        return True
    not_granted = (_is(publication_id, address_hash), Suppression.lifted_at.is_(None), Suppression.asked_at.is_(None))
    return guarded.write(session, update(Suppression).where(*not_granted).values(asked_at=now)) == 1


def _is(publication_id: int, address_hash: bytes) -> ColumnElement[bool]:
    return (Suppression.publication_id == publication_id) & (Suppression.address_hash == address_hash)
