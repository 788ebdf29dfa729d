"""The moment an issue goes out, one language at a time."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from newsletter import audit
from newsletter.errors import StateError
from newsletter.issues import states
from newsletter.models import Issue, Release

RELEASABLE = ("scheduled", "sending")


def due(session: Session, now: datetime) -> list[Release]:
    """Return the releases whose time has come, earliest first; a paused issue waits."""
    ready = (
        select(Release)
        .join(Issue)
        .where(
            Release.state == "planned",
            Release.due_at <= now,
            Issue.state.in_(RELEASABLE),
            Issue.paused_at.is_(None),
        )
    )
    return list(session.scalars(ready.order_by(Release.due_at, Release.id)))


def send_held(session: Session, release: Release, *, now: datetime, editor_id: int | None) -> None:
    """Let a release that came too late go out now after all; a person has decided so. Raises StateError."""
    change = update(Release).where(Release.id == release.id, Release.state == "held")
    if not states.execute(session, change.values(state="planned", due_at=now)):
        message = "That part of the issue is not waiting for a decision."
        raise StateError(message)
    session.refresh(release)
    audit.record(
        session, "send late", f"issue {release.issue_id}", editor_id=editor_id, now=now, language=release.language
    )
