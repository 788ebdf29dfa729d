"""Letters that ask: composed while nobody waits, queued in one short transaction each.

Who should have been asked and was not follows from the database alone, so that a process that ends
between a decision and its letter loses none, and a deputy is asked as soon as an absence begins.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from newsletter import letters
from newsletter.approvals import chain, lines, question, tickets, turns
from newsletter.approvals.turns import Turn
from newsletter.config import Settings
from newsletter.issues import states
from newsletter.letters import Written
from newsletter.models import ApprovalTicket, Editor, Issue, Letter


@dataclass(frozen=True)
class Asking:
    """One letter to one editor, ready to be queued."""

    issue_id: int
    frozen_hash: str
    seat: int
    editor_id: int
    to: str
    to_name: str
    once: str
    token: str
    written: Written


def due(session: Session, settings: Settings, *, now: datetime, issue_id: int | None = None) -> list[Asking]:
    """Return the letters that should have been written by now, for every asked issue or for one.

    Reads only, and renders: call it outside a write transaction.
    """
    if not settings.approval.required:
        return []
    found = []
    for issue in turns.asked(session):
        turn = turns.current(session, settings, issue, now=now) if issue_id in (None, issue.id) else None
        for editor in turn.people if turn else ():
            asking = _wanted(session, settings, turn, editor, now=now) if turn else None
            found += [asking] if asking else []
    return found


def send(session: Session, settings: Settings, asking: Asking, *, now: datetime) -> bool:
    """Queue a letter and keep its link; return False where the turn has passed or the letter was written before."""
    issue = session.get_one(Issue, asking.issue_id)
    still = update(Issue).where(Issue.state == "asked", Issue.frozen_hash == asking.frozen_hash)
    if not states.put(session, issue, still.values(state="asked")):
        return False
    seat = chain.next_seat(lines.history(session, issue), chain.seats(settings), asking.frozen_hash)
    if seat is None or seat.number != asking.seat:
        return False
    queued = letters.queue(
        session, "approval", asking.written, to=asking.to, to_name=asking.to_name, once=asking.once, now=now
    )
    if queued is None:
        return False
    tickets.keep(session, asking.token, "decide", issue, editor_id=asking.editor_id, seat=asking.seat, now=now)
    return True


def _wanted(session: Session, settings: Settings, turn: Turn, editor: Editor, *, now: datetime) -> Asking | None:
    told = _told(session, turn, editor)
    hours = None if told is None else turns.threshold(settings, turn, told=told, now=now)
    if told is not None and hours is None:
        return None
    kind = "asked" if hours is None else f"{hours:g}h"
    once = f"approval:{kind}:{turn.issue.id}:{(turn.issue.frozen_hash or '')[:16]}:{turn.seat.number}:{editor.id}"
    if session.scalar(select(Letter.id).where(Letter.once == once)) is not None:
        return None
    token = tickets.new()
    return Asking(
        issue_id=turn.issue.id,
        frozen_hash=turn.issue.frozen_hash or "",
        seat=turn.seat.number,
        editor_id=editor.id,
        to=editor.email,
        to_name=editor.name,
        once=once,
        token=token,
        written=question.compose(session, settings, turn, editor, token, reminder=hours is not None),
    )


def _told(session: Session, turn: Turn, editor: Editor) -> datetime | None:
    """Return when the editor was first asked about this, in this seat."""
    query = select(ApprovalTicket.created_at).where(
        ApprovalTicket.issue_id == turn.issue.id,
        ApprovalTicket.editor_id == editor.id,
        ApprovalTicket.purpose == "decide",
        ApprovalTicket.frozen_hash == turn.issue.frozen_hash,
        ApprovalTicket.seat == turn.seat.number,
    )
    return session.scalar(query.order_by(ApprovalTicket.created_at).limit(1))
