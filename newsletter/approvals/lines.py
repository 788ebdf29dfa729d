"""The record: every word on an issue, in the order in which it was said."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import audit
from newsletter.approvals.chain import Seat, Sitting
from newsletter.models import Approval, Issue

_SAID = ("editor_id", "seat", "deputy", "seat_title", "instead_of", "decision", "comment", "at")
"""What of a word stays the same wherever it is recorded."""


def history(session: Session, issue: Issue) -> list[Approval]:
    """Return every word on the issue, oldest first."""
    return list(session.scalars(select(Approval).where(Approval.issue_id == issue.id).order_by(Approval.id)))


def add(
    session: Session,
    issue: Issue,
    decision: str,
    *,
    editor_id: int | None,
    now: datetime,
    comment: str = "",
    seat: Seat | None = None,
    sitting: Sitting | None = None,
) -> Approval:
    """Record a word on what is frozen of the issue, here and in the audit trail.

    A seat's title is kept as it is now, so that the record stays true when the settings change.
    """
    line = Approval(
        issue_id=issue.id,
        revision=issue.frozen_revision or issue.head,
        frozen_hash=issue.frozen_hash or "",
        editor_id=editor_id,
        seat=seat.stored if seat else None,
        seat_title=json.dumps(seat.title if seat else {}, ensure_ascii=False),
        deputy=sitting.deputy if sitting else False,
        instead_of=", ".join(sitting.instead_of) if sitting else "",
        decision=decision,
        comment=comment,
        at=now,
    )
    session.add(line)
    session.flush()
    subject, told = f"issue {issue.id}", {"hash": issue.frozen_hash, "seat": line.seat, "deputy": line.deputy}
    audit.record(session, f"approval {decision}", subject, editor_id=editor_id, now=now, **told)
    return line


def carry(session: Session, issue: Issue, said: Sequence[Approval]) -> None:
    """Record what was said elsewhere on what is frozen of the issue by now: on the correction that made it so."""
    frozen = {"revision": issue.frozen_revision or issue.head, "frozen_hash": issue.frozen_hash or ""}
    for one in said:
        kept = {name: getattr(one, name) for name in _SAID}
        session.add(Approval(issue_id=issue.id, **frozen, **kept))
    session.flush()


def asker(history: list[Approval]) -> int | None:
    """Return the editor who asked last, or None where it was the command line."""
    return next((line.editor_id for line in reversed(history) if line.decision == "asked"), None)
