"""Carrying out an approved correction, in short steps that may be killed and repeated anywhere.

The issue stays paused to the end. First whoever still waits is moved to the corrected editions, some thousands
at a time; then, once nothing of the issue is under way any more, one transaction lets the corrected pages take the
place of the old ones, enlists the short issue for everybody whose edition held the wrong words, and lets the
issue go on, unless a person has paused it. A claimed row never changes its edition: the sender holds what it has
claimed in memory.
"""

import json
from collections.abc import Collection
from datetime import datetime
from enum import Enum
from typing import Any

import structlog
from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from newsletter import archive, audit, freezing, issues
from newsletter.approvals import lines
from newsletter.config import Settings
from newsletter.corrections import deciding, drafts, moving, posting, redating, telling
from newsletter.delivery import whys
from newsletter.delivery.outbox import OPEN
from newsletter.issues import printing
from newsletter.issues.states import LIVE
from newsletter.models import ArchivePage, Correction, Delivery, Edition, Issue
from subscribers import guarded

UNDER_WAY = ("claimed", "on_wire")
log = structlog.get_logger()


class Step(Enum):
    """What one step did; call `advance` again until it is DONE."""

    PAUSED = "paused"
    MOVED = "moved"
    WAITS = "waits"  # messages are under way; their answers come, or their lease ends
    DONE = "done"


def advance(session: Session, settings: Settings, correction: Correction, *, now: datetime) -> Step:
    """Take one step, to be committed, with an approved correction. Any number of clocks may do so at once."""
    # The issue's row first, as at a release: whoever lets a language out or resumes is before us or waits for us.
    issue = session.get_one(Issue, correction.issue_id, with_for_update=True, populate_existing=True)
    session.refresh(correction, with_for_update=True)
    if correction.state != "approved":
        return Step.DONE
    if issue.state == "sending" and issue.paused_at is None:
        reason = whys.written("correction.paused", area="newsroom")
        issues.pause(session, issue, reason, now=now, editor_id=None, cause=drafts.PAUSE)
        return Step.PAUSED
    if moving.move(session, issue, correction.revision or 0):
        return Step.MOVED
    if _waits(session, issue, correction):
        return Step.WAITS
    _finish(session, settings, issue, correction, now=now)
    return Step.DONE


def waiting(session: Session, correction: Correction) -> int:
    """Return how many messages with the old words are under way at this moment."""
    under_way = select(Delivery.id).where(Delivery.issue_id == correction.issue_id, Delivery.state.in_(UNDER_WAY))
    return len(session.scalars(under_way).all())


def stragglers(session: Session) -> list[int]:
    """Return the issues being sent of which somebody waits with the words from before a correction.

    That happens where a message in doubt is answered late with "not now": it waits again, with what it had.
    """
    corrected = select(Issue.id).where(
        Issue.state == "sending",
        exists().where(Correction.issue_id == Issue.id, Correction.state == "applied"),
    )
    return [issue_id for issue_id in session.scalars(corrected).all() if _has_old(session, issue_id)]


def sweep(session: Session, issue_id: int) -> int:
    """Move stragglers to the corrected editions; return how many."""
    issue = session.get_one(Issue, issue_id, with_for_update=True)
    return moving.move(session, issue, issue.frozen_revision or 0)


def _has_old(session: Session, issue_id: int) -> bool:
    old = (
        select(Delivery.id)
        .join(Edition, Edition.id == Delivery.edition_id)
        .join(Issue, Issue.id == Delivery.issue_id)
        .where(
            Delivery.issue_id == issue_id,
            Delivery.state.in_(("queued", "deferred")),
            Edition.revision < Issue.frozen_revision,
        )
    )
    return session.scalar(old.limit(1)) is not None


def _waits(session: Session, issue: Issue, correction: Correction) -> bool:
    """Return whether anything open still has old words, or has them on the wire."""
    if issue.state not in LIVE:
        return bool(waiting(session, correction))
    old = select(Edition.id).where(Edition.issue_id == issue.id, Edition.revision != correction.revision)
    held = exists().where(Delivery.issue_id == issue.id, Delivery.state.in_(OPEN), Delivery.edition_id.in_(old))
    return bool(session.scalar(select(held)))


def _finish(session: Session, settings: Settings, issue: Issue, correction: Correction, *, now: datetime) -> None:
    taken = update(Correction).where(Correction.id == correction.id, Correction.state == "approved")
    if not guarded.write(session, taken.values(state="applied", applied_at=now)):
        return
    session.refresh(correction)
    told = telling.enlist(session, issue, correction, now=now)
    tongues = drafts.tongues(session, correction)
    issue.frozen_revision = correction.revision
    session.flush()
    printing.mark(session, settings, issue)
    redating.plan(session, issue, base=correction.base_revision, now=now)
    _replace_pages(session, settings, issue, correction, tongues, now=now)
    posting.follow(session, settings, issue, correction, now=now)
    _seal(session, settings, issue, correction)
    issues.resume_from(session, issue, drafts.PAUSE, now=now, editor_id=None)
    counts = {"correction": correction.id, "told": told, "revision": correction.revision}
    audit.record(session, "corrected", f"issue {issue.id}", editor_id=None, now=now, **counts)
    log.info("corrected", issue=issue.id, **counts)


def _seal(session: Session, settings: Settings, issue: Issue, correction: Correction) -> None:
    """Put the record right: what is frozen of the issue now is what the correction's approvers agreed to."""
    issue.frozen_hash = freezing.digest(session, settings, issue)
    session.flush()
    said = deciding.record(session, correction)
    lines.carry(session, issue, [one for one in said if one.frozen_hash == correction.frozen_hash])


def _replace_pages(
    session: Session,
    settings: Settings,
    issue: Issue,
    correction: Correction,
    tongues: Collection[str],
    *,
    now: datetime,
) -> None:
    """Let the corrected pages take the place of the old; those that are public say what was put right."""
    notes = drafts.notes_of(correction)
    for page in json.loads(correction.pages):
        language, values = page["language"], _replacing(page)
        this = ArchivePage.issue_id == issue.id, ArchivePage.language == language
        guarded.write(session, update(ArchivePage).where(*this).values(**values))
        public = select(ArchivePage.id).where(*this, ArchivePage.published_at.is_not(None))
        if session.scalar(public) is not None and language in tongues:
            archive.note(session, issue, language, notes.get(language, ""), now=now)
            archive.publish(session, settings, issue, language, now=now)


def _replacing(page: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in page.items() if name != "language"}
