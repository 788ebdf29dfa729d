"""What a mailed link leads to by now: a decision to make, or what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from newsletter import issues
from newsletter.approvals import chain, deciding, lines, tickets
from newsletter.approvals.chain import Seat
from newsletter.approvals.errors import LinkOverError
from newsletter.config import Settings
from newsletter.models import Approval, ApprovalTicket, Editor, Issue

Standing = Literal["decide", "given", "taken", "back", "changed", "not_you"]
"""decide: it is their turn; given: they agreed; taken: another did in that seat; back: it was sent back;

changed: it was taken back or changed since; not_you: they may not any more (the absence is over).
"""


@dataclass(frozen=True)
class Visit:
    """One editor behind one link."""

    ticket: ApprovalTicket
    issue: Issue
    editor: Editor
    seat: Seat | None
    standing: Standing
    line: Approval | None  # the word that settled it
    may_refuse: bool

    @property
    def is_fresh(self) -> bool:
        """Return whether what the link is about is still what is frozen."""
        return self.issue.frozen_hash == self.ticket.frozen_hash


def visit(session: Session, settings: Settings, token: str, *, now: datetime, purpose: str = "decide") -> Visit:
    """Return what the link of that token leads to; raise LinkOverError, also for an editor who has left the office."""
    ticket = tickets.find(session, token, purpose, now=now)
    editor = session.get_one(Editor, ticket.editor_id)
    if editor.disabled_at is not None:
        raise LinkOverError
    issue = issues.get(session, ticket.issue_id)
    history = [one for one in lines.history(session, issue) if one.frozen_hash == ticket.frozen_hash]
    standing, line = _standing(session, settings, ticket, issue, editor=editor, history=history, now=now)
    open_still = issue.state == "asked" and issue.frozen_hash == ticket.frozen_hash
    return Visit(
        ticket=ticket,
        issue=issue,
        editor=editor,
        seat=next((one for one in chain.seats(settings) if one.number == ticket.seat), None),
        standing=standing,
        line=line,
        may_refuse=open_still and deciding.may_refuse(session, settings, editor, now=now),
    )


def _standing(
    session: Session,
    settings: Settings,
    ticket: ApprovalTicket,
    issue: Issue,
    *,
    editor: Editor,
    history: list[Approval],
    now: datetime,
) -> tuple[Standing, Approval | None]:
    ended = next((one for one in reversed(history) if one.decision in ("refused", "voided", "asked")), None)
    if issue.frozen_hash != ticket.frozen_hash:
        sent_back = ended is not None and ended.decision == "refused"
        return ("back" if sent_back else "changed"), ended
    agreed = chain.given(history, ticket.frozen_hash)
    own = next((one for one in agreed if one.editor_id == editor.id), None)
    if own is not None:
        return "given", own
    if issue.state != "asked":
        return "taken", agreed[-1] if agreed else None
    seat = chain.next_seat(history, chain.seats(settings), ticket.frozen_hash)
    if seat is not None and seat.number != ticket.seat:
        return "taken", next((one for one in agreed if one.seat == ticket.seat), None)
    if deciding.hindrance(session, settings, issue, history, editor, now=now):
        return "not_you", None
    return "decide", None
