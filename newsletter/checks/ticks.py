"""Warnings that an editor has looked at and lets stand."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from newsletter import audit
from newsletter.findings import Finding
from newsletter.models import Issue, Tick
from subscribers import guarded


def unticked(session: Session, issue: Issue, findings: Iterable[Finding]) -> list[Finding]:
    """Return the warnings that nobody has ticked yet: with one of them, approval may not be asked."""
    known = of(session, issue)
    return [one for one in findings if one.severity == "warning" and one.fingerprint not in known]


def of(session: Session, issue: Issue) -> dict[str, Tick]:
    """Return the ticks of an issue by the fingerprint of their warning, oldest first."""
    kept = session.scalars(select(Tick).where(Tick.issue_id == issue.id).order_by(Tick.id))
    return {tick.fingerprint: tick for tick in kept}


def tick(session: Session, issue: Issue, findings: Sequence[Finding], *, editor_id: int | None, now: datetime) -> int:
    """Let the warnings among `findings` stand; return how many were not ticked before. Errors cannot be ticked."""
    fresh = [one for one in unticked(session, issue, findings) if _keep(session, issue, one, editor_id, now)]
    if fresh:
        told = [one.message for one in fresh]
        audit.record(session, "tick", f"issue {issue.id}", editor_id=editor_id, now=now, warnings=told)
    return len(fresh)


def untick(session: Session, issue: Issue, fingerprint: str, *, editor_id: int | None, now: datetime) -> bool:
    """Take a tick back; return whether there was one."""
    this = delete(Tick).where(Tick.issue_id == issue.id, Tick.fingerprint == fingerprint)
    gone = guarded.write(session, this) == 1
    if gone:
        audit.record(session, "untick", f"issue {issue.id}", editor_id=editor_id, now=now, fingerprint=fingerprint)
    return gone


def _keep(session: Session, issue: Issue, finding: Finding, editor_id: int | None, now: datetime) -> bool:
    """Keep one tick; of two editors who tick at once, the first is named."""
    return guarded.insert(
        session,
        Tick,
        issue_id=issue.id,
        fingerprint=finding.fingerprint,
        message=finding.message,
        editor_id=editor_id,
        at=now,
    )
