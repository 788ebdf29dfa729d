"""What becomes public: an issue's page and its stories, at release and again after a correction."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from newsletter.archive import telling
from newsletter.config import Settings
from newsletter.models import ArchiveNote, ArchivePage, ArchiveState, Issue
from subscribers import guarded


def publish(session: Session, settings: Settings, issue: Issue, language: str, *, now: datetime) -> bool:
    """Make an issue's frozen page public in one language, with its stories; return whether it was not public before.

    Called again after a correction has frozen the page anew: the page stays where it is, is dated by the
    change, and each story follows the revision that the issue holds now. Nothing is rendered.
    """
    page = ArchivePage.issue_id == issue.id, ArchivePage.language == language
    first = guarded.write(
        session, update(ArchivePage).where(*page, ArchivePage.published_at.is_(None)).values(published_at=now)
    )
    if not first:
        guarded.write(session, update(ArchivePage).where(*page).values(updated_at=now))
    telling.tell(session, settings, issue, language, now=now)
    touch(session, issue.publication_id)
    return first == 1


def note(session: Session, issue: Issue, language: str, said: str, *, now: datetime) -> None:
    """Say above an issue's page, and in the feed, what was put right; call `publish` in the same transaction."""
    session.add(ArchiveNote(issue_id=issue.id, language=language, said=said, at=now))
    session.flush()


def touch(session: Session, publication_id: int) -> None:
    """Say that public pages have changed, so that every server makes them anew."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    first = dialect.insert(ArchiveState).values(publication_id=publication_id, version=1)
    further = {"version": ArchiveState.version + 1}
    session.execute(first.on_conflict_do_update(index_elements=["publication_id"], set_=further))


def version(session: Session, publication_id: int) -> int:
    """Return a number that grows whenever a public page changes."""
    known = select(ArchiveState.version).where(ArchiveState.publication_id == publication_id)
    return session.scalar(known) or 0
