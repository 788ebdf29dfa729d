"""Deciding about a correction: the same chain of seats as for an issue, about exactly the difference."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from newsletter.approvals import chain, lines
from newsletter.approvals.chain import Seat
from newsletter.config import Settings
from newsletter.corrections import asking, drafts, letters, sealing
from newsletter.errors import NotAllowedError, StaleError, StateError
from newsletter.models import Approval, Correction, Editor
from subscribers import guarded


def turn(session: Session, settings: Settings, correction: Correction) -> Seat | None:
    """Return the seat that decides next, or None where nobody is asked."""
    if correction.state != "asked" or correction.frozen_hash is None:
        return None
    return chain.next_seat(record(session, correction), chain.seats(settings), correction.frozen_hash)


def may_give(session: Session, settings: Settings, correction: Correction, editor: Editor, *, now: datetime) -> bool:
    """Return whether it is the turn of this editor."""
    return _sitting(session, settings, correction, editor, now=now) is not None


def give(
    session: Session, settings: Settings, correction: Correction, *, shown: str, editor_id: int, now: datetime
) -> None:
    """Approve exactly what `shown` is the hash of, in the next seat; after the last one it is carried out.

    Raises StaleError for another hash, NotAllowedError where it is not this editor's turn, StateError where
    nobody is asked or what is stored is no longer what was frozen.
    """
    session.refresh(correction, with_for_update=True)
    seat, editor = turn(session, settings, correction), session.get_one(Editor, editor_id)
    if seat is None:
        raise StateError("Nobody is asked about this correction now.")
    if shown != correction.frozen_hash:
        raise StaleError
    sitting = _sitting(session, settings, correction, editor, now=now)
    if sitting is None:
        raise NotAllowedError
    if sealing.digest(session, settings, correction) != correction.frozen_hash:
        raise StateError("The correction or its sender has changed since it was frozen. Ask for approval again.")
    short = drafts.short_of(session, correction)
    lines.add(session, short, "given", editor_id=editor_id, now=now, seat=seat, sitting=sitting)
    if turn(session, settings, correction) is None:
        _move(session, correction, "approved")
    else:
        letters.ask(session, settings, correction, now=now)


def refuse(
    session: Session, settings: Settings, correction: Correction, *, comment: str, editor_id: int, now: datetime
) -> None:
    """Send a correction back with a comment: it is a draft again, and the issue stays paused. Raises as `give` does."""
    session.refresh(correction, with_for_update=True)
    if turn(session, settings, correction) is None:
        raise StateError("Nobody is asked about this correction now.")
    if not may_give(session, settings, correction, session.get_one(Editor, editor_id), now=now):
        raise NotAllowedError
    short = drafts.short_of(session, correction)
    lines.add(session, short, "refused", editor_id=editor_id, now=now, comment=comment)
    letters.refused(session, settings, correction, comment, now=now)
    _move(session, correction, "draft")
    asking.unfreeze(session, correction)


def take_back(session: Session, correction: Correction, *, editor_id: int | None, now: datetime) -> None:
    """Take the question back: the correction is a draft again, whoever's turn it was. Raises StateError."""
    session.refresh(correction, with_for_update=True)
    _move(session, correction, "draft")
    lines.add(session, drafts.short_of(session, correction), "voided", editor_id=editor_id, now=now)
    asking.unfreeze(session, correction)


def record(session: Session, correction: Correction) -> list[Approval]:
    """Return every word on a correction, oldest first."""
    return lines.history(session, drafts.short_of(session, correction))


def _sitting(
    session: Session, settings: Settings, correction: Correction, editor: Editor, *, now: datetime
) -> chain.Sitting | None:
    seat = turn(session, settings, correction)
    if seat is None:
        return None
    barred = chain.barred(settings, record(session, correction), correction.frozen_hash or "")
    return chain.may_sit(session, settings, editor, seat, now=now, barred=barred)


def _move(session: Session, correction: Correction, to: str) -> None:
    change = update(Correction).where(Correction.id == correction.id, Correction.state == "asked").values(state=to)
    if not guarded.write(session, change):
        raise StateError("The correction has moved on meanwhile.")
    session.refresh(correction)
