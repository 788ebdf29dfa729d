"""The office copy: readers wait until editors and approvers have had the mail for a while."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsletter.config import Settings
from newsletter.models import Issue, Letter, Release


def wait(settings: Settings) -> timedelta:
    """Return how long the office copy is ahead of the readers; zero: there is none."""
    return timedelta(minutes=settings.approval.office_copy_minutes)


def name(issue: Issue, release: Release) -> str:
    """Return the name of one copy: of this frozen state, this language and this time."""
    return f"copy:{issue.id}:{(issue.frozen_hash or '')[:16]}:{release.language}:{release.due_at:%Y%m%dT%H%M%S}"


def is_made(issue: Issue, release: Release) -> bool:
    """Return whether the letters of exactly this copy were written."""
    return release.copied_at is not None and release.copied_as == name(issue, release)


def ready_at(session: Session, settings: Settings, issue: Issue, release: Release) -> datetime | None:
    """Return from when readers may get this part, or None while the copy is not out.

    It is out when the first of its letters was sent; where there is nobody to write to, when it was made.
    """
    if not wait(settings):
        return release.due_at
    if not is_made(issue, release):
        return None
    mine = Letter.once.startswith(f"{name(issue, release)}:", autoescape=True)
    written, sent = session.execute(
        select(func.count(), func.min(Letter.settled_at).filter(Letter.state == "sent")).where(
            Letter.kind == "copy", mine
        )
    ).one()
    out = sent if written else release.copied_at
    return max(release.due_at, out + wait(settings)) if out else None


def waits(session: Session, settings: Settings, release: Release, *, now: datetime) -> bool:
    """Return whether a part that is due waits for its office copy; what is too late without one does not."""
    ready = ready_at(session, settings, release.issue, release)
    if ready is None:
        return now - release.due_at <= timedelta(hours=settings.schedule.late_hours)
    return ready > now
