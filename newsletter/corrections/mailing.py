"""Letters that ask about a correction: who should have been asked by now, or reminded, follows from the database.

So a deputy is asked as soon as an absence begins, and a process that ends between a decision and its letter
loses none. A correction has no send time that a reminder could count from: the hours of
`approval.remind_hours` count from the moment at which somebody was asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.approvals import chain
from newsletter.config import Settings
from newsletter.corrections import deciding, letters
from newsletter.models import Correction, Editor, Letter


@dataclass(frozen=True)
class Asking:
    """One letter that is due: to whom, in which seat, and after how many hours (none: the first)."""

    correction_id: int
    editor_id: int
    seat: int
    hours: float | None


def due(session: Session, settings: Settings, *, now: datetime) -> list[Asking]:
    """Return the letters that should have been written by now; reads only."""
    asked = session.scalars(select(Correction).where(Correction.state == "asked").order_by(Correction.id)).all()
    return [found for one in asked for found in _of(session, settings, one, now=now)]


def send(session: Session, settings: Settings, asking: Asking, *, now: datetime) -> bool:
    """Queue a letter; return False where the turn has passed or it was written before."""
    correction = session.get_one(Correction, asking.correction_id)
    session.refresh(correction, with_for_update=True)  # whoever decides at this moment is before us or waits
    if asking not in _of(session, settings, correction, now=now):
        return False
    editor = session.get_one(Editor, asking.editor_id)
    return letters.ask_one(session, settings, correction, editor, seat=asking.seat, hours=asking.hours, now=now)


def _of(session: Session, settings: Settings, correction: Correction, *, now: datetime) -> Sequence[Asking]:
    seat = deciding.turn(session, settings, correction)
    if seat is None:
        return ()
    barred = chain.barred(settings, deciding.record(session, correction), correction.frozen_hash or "")
    people = chain.sitters(session, settings, seat, now=now, barred=barred)
    found = ((one.id, _hours(session, settings, correction, one, seat=seat.number, now=now)) for one in people)
    return [Asking(correction.id, one, seat.number, hours or None) for one, hours in found if hours is not None]


def _hours(
    session: Session, settings: Settings, correction: Correction, editor: Editor, *, seat: int, now: datetime
) -> float | None:
    """Return after how many hours a letter is due to an editor, 0 for the first; None: none is due."""
    asked_at = _written(session, letters.once(correction, editor, seat=seat))
    if asked_at is None:
        return 0
    passed = [hours for hours in settings.approval.remind_hours if asked_at + timedelta(hours=hours) <= now]
    last = max(passed, default=None)
    if last is None or _written(session, letters.once(correction, editor, seat=seat, hours=last)):
        return None
    return last


def _written(session: Session, once: str) -> datetime | None:
    return session.scalar(select(Letter.created_at).where(Letter.once == once))
