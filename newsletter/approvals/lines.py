"""The record: every word on an issue, in the order in which it was said."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import audit
from newsletter.models import Approval, Issue


def history(session: Session, issue: Issue) -> list[Approval]:
    """Return every word on the issue, oldest first."""
    return list(session.scalars(select(Approval).where(Approval.issue_id == issue.id).order_by(Approval.id)))


def add(
    session: Session, issue: Issue, decision: str, *, editor_id: int | None, now: datetime, comment: str = ""
) -> Approval:
    """Record a word on what is frozen of the issue, here and in the audit trail."""
    line = Approval(
        issue_id=issue.id,
        revision=issue.frozen_revision or issue.head,
        frozen_hash=issue.frozen_hash or "",
        editor_id=editor_id,
        decision=decision,
        comment=comment,
        at=now,
    )
    session.add(line)
    session.flush()
    subject, told = f"issue {issue.id}", {"hash": issue.frozen_hash}
    audit.record(session, f"approval {decision}", subject, editor_id=editor_id, now=now, **told)
    return line
