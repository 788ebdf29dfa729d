"""Deciding: the word of named people on exactly what will be sent."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from newsletter import freezing
from newsletter.approvals import chain, lines, notes
from newsletter.approvals.chain import Seat, Sitting
from newsletter.approvals.errors import SeatError
from newsletter.config import Settings
from newsletter.errors import NotAllowedError, StaleError, StateError
from newsletter.issues import states
from newsletter.models import Approval, Editor, Issue


def give(
    session: Session,
    settings: Settings,
    issue: Issue,
    *,
    editor_id: int,
    now: datetime,
    comment: str = "",
    shown: str | None = None,
    number: int | None = None,
) -> None:
    """Agree to what is frozen, in the seat whose turn it is; the last seat's word approves the issue.

    `shown` is the hash of what the editor saw and `number` that of the seat they were asked to take.
    Raises SeatError (a NotAllowedError) for who may not take the seat, StaleError where something else is
    frozen by now, and StateError where nothing is asked, somebody else took the seat meanwhile, or what is
    stored is no longer what was frozen.
    """
    editor = _present(session, editor_id)
    history = _open(session, issue, "be approved; nobody has asked for it", shown)
    if freezing.digest(session, settings, issue) != issue.frozen_hash:
        message = f"Issue {issue.number} or its sender has changed since it was frozen. Ask for approval again."
        raise StateError(message)
    seat, sitting = _take(session, settings, issue, history, editor, now=now)
    if number not in (None, seat.number):
        raise StateError("Somebody else has taken that seat.")
    line = lines.add(session, issue, "given", editor_id=editor_id, now=now, comment=comment, seat=seat, sitting=sitting)
    if chain.next_seat([*history, line], chain.seats(settings), line.frozen_hash) is None:
        states.move(session, issue, "approved", of=("asked",))
        notes.to_asker(session, settings, issue, "given", [*history, line], now=now)


def refuse(
    session: Session,
    settings: Settings,
    issue: Issue,
    *,
    editor_id: int,
    comment: str,
    now: datetime,
    shown: str | None = None,
) -> None:
    """Send the issue back to the editor who asked, with a comment; it is a draft again.

    Everybody with a seat may, also before or after their own turn: an error seen late is still an error.
    Raises as `give` does.
    """
    editor = _present(session, editor_id)
    history = _open(session, issue, "be sent back; nobody has asked for approval", shown)
    held = _seat_of(session, settings, editor, now=now)
    if held is None:
        raise SeatError("stranger")
    seat, sitting = held
    line = lines.add(
        session, issue, "refused", editor_id=editor_id, now=now, comment=comment, seat=seat, sitting=sitting
    )
    notes.to_asker(session, settings, issue, "refused", [*history, line], now=now)
    _to_draft(session, issue)


def take_back(session: Session, issue: Issue, *, editor_id: int | None, now: datetime) -> None:
    """Take the question back: the issue is a draft again, and links that were mailed say so. Raises StateError."""
    _open(session, issue, "be taken back; nobody has asked for approval", None)
    lines.add(session, issue, "voided", editor_id=editor_id, now=now, comment="The question was taken back.")
    _to_draft(session, issue)


def hindrance(
    session: Session, settings: Settings, issue: Issue, history: list[Approval], editor: Editor, *, now: datetime
) -> str:
    """Return why `editor` may not agree now, a word of `errors.Reason`, or an empty string where they may."""
    try:
        _take(session, settings, issue, history, editor, now=now)
    except SeatError as error:
        return error.reason
    except StateError:
        return "turn"
    return ""


def may_refuse(session: Session, settings: Settings, editor: Editor, *, now: datetime) -> bool:
    """Return whether `editor` holds any seat and so may send an issue back."""
    return _seat_of(session, settings, editor, now=now) is not None


def _present(session: Session, editor_id: int) -> Editor:
    editor = session.get(Editor, editor_id)
    if editor is None or editor.disabled_at is not None:
        raise NotAllowedError
    return editor


def _open(session: Session, issue: Issue, wish: str, shown: str | None) -> list[Approval]:
    """Hold the issue's row, so that of two who decide at once the second sees the first; return the record."""
    if not states.put(session, issue, update(Issue).where(Issue.state == "asked").values(state="asked")):
        raise states.refuse(issue, wish)
    if shown is not None and shown != issue.frozen_hash:
        raise StaleError
    return lines.history(session, issue)


def _take(
    session: Session, settings: Settings, issue: Issue, history: list[Approval], editor: Editor, *, now: datetime
) -> tuple[Seat, Sitting]:
    """Return the seat whose turn it is and the editor's right to it."""
    seats, frozen_hash = chain.seats(settings), issue.frozen_hash or ""
    seat = chain.next_seat(history, seats, frozen_hash)
    if seat is None:
        message = f"The approval chain has changed since issue {issue.number} was asked for. Ask for approval again."
        raise StateError(message)
    barred = chain.barred(settings, history, frozen_hash)
    sitting = chain.may_sit(session, settings, editor, seat, now=now, barred=barred)
    if sitting is not None:
        return seat, sitting
    agreed = chain.given(history, frozen_hash)
    if any(line.editor_id == editor.id for line in agreed):
        raise SeatError("twice")
    if chain.may_sit(session, settings, editor, seat, now=now):
        raise SeatError("own")
    raise _why_not(session, settings, editor, {line.seat for line in agreed}, now=now)


def _why_not(
    session: Session, settings: Settings, editor: Editor, taken: set[int | None], *, now: datetime
) -> SeatError | StateError:
    """Return what keeps an editor from deciding who has no right to the seat whose turn it is."""
    for seat in chain.seats(settings):
        if chain.may_sit(session, settings, editor, seat, now=now):
            return StateError("Somebody else has taken that seat.") if seat.stored in taken else SeatError("turn")
    return SeatError("stranger")


def _seat_of(session: Session, settings: Settings, editor: Editor, *, now: datetime) -> tuple[Seat, Sitting] | None:
    for seat in chain.seats(settings):
        sitting = chain.may_sit(session, settings, editor, seat, now=now)
        if sitting is not None:
            return seat, sitting
    return None


def _to_draft(session: Session, issue: Issue) -> None:
    states.move(session, issue, "draft", of=("asked",), frozen_revision=None, frozen_hash=None, frozen_until=None)
