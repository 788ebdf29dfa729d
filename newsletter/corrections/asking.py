"""Asking for approval of a correction: what was rendered is kept, and the first seat is asked."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from newsletter import checks, issues, links, revisions, stories
from newsletter.approvals import lines
from newsletter.archive import cards
from newsletter.config import Settings
from newsletter.corrections import drafts, letters, sealing
from newsletter.corrections.preparing import Prepared
from newsletter.errors import CheckFailedError, StaleError, StateError
from newsletter.models import Correction, Edition, Issue
from subscribers import guarded


def ask(
    session: Session,
    settings: Settings,
    correction: Correction,
    prepared: Prepared,
    *,
    editor_id: int | None,
    now: datetime,
) -> None:
    """Freeze a correction and ask for its approval; where none is required it is approved at once.

    Nothing that is out changes yet. Raises CheckFailedError with errors and unticked warnings, StaleError
    where anything was saved since it was prepared, StateError for what is not a draft.
    """
    issue = session.get_one(Issue, correction.issue_id, with_for_update=True)
    short = drafts.short_of(session, correction)
    if prepared.faulty or checks.unticked(session, short, prepared.findings):
        raise CheckFailedError(prepared.findings)
    _demand_fresh(session, issue, short, correction, prepared)
    text = prepared.content.model_dump_json()
    revision = revisions.append(session, issue, text, base=prepared.head, editor_id=editor_id, now=now).number
    for page in prepared.pages:
        cards.keep(session, page, now=now)
    session.execute(delete(Edition).where(Edition.issue_id == short.id))
    _keep(session, prepared.editions, revision)
    _keep(session, prepared.short, short.head)
    links.keep(session, issue.id, issue.slug, prepared.links)
    links.keep(session, short.id, short.slug, prepared.short_links)
    correction.base_revision, correction.revision = prepared.base, revision
    correction.pages, correction.posts = sealing.pages(prepared.pages), sealing.posts(prepared.posts)
    session.flush()
    correction.frozen_hash = sealing.digest(session, settings, correction)
    short.frozen_revision, short.frozen_hash = short.head, correction.frozen_hash
    session.flush()
    lines.add(session, short, "asked", editor_id=editor_id, now=now)
    if settings.approval.required:
        _move(session, correction, "asked", of="draft")
        letters.ask(session, settings, correction, now=now)
    else:
        lines.add(session, short, "given", editor_id=editor_id, now=now)
        _move(session, correction, "approved", of="draft")


def unfreeze(session: Session, correction: Correction) -> None:
    """Take back what was frozen for an approval that was refused."""
    short = drafts.short_of(session, correction)
    for issue_id, revision in ((correction.issue_id, correction.revision), (short.id, short.frozen_revision)):
        session.execute(delete(Edition).where(Edition.issue_id == issue_id, Edition.revision == revision))
    correction.frozen_hash = correction.revision = correction.base_revision = None
    short.frozen_revision = short.frozen_hash = None
    correction.pages = correction.posts = "[]"
    correction.version += 1
    session.flush()


def _demand_fresh(session: Session, issue: Issue, short: Issue, correction: Correction, prepared: Prepared) -> None:
    """Raise StaleError where a story, the issue or the correction was saved since everything was rendered."""
    session.refresh(correction, with_for_update=True)  # whoever saves at this moment is before us or waits
    if correction.state != "draft":
        raise StateError("Approval of the correction has been asked already.")
    now = (issue.frozen_revision, issue.head, correction.version, short.head)
    if now != (prepared.base, prepared.head, prepared.version, prepared.short_head):
        raise StaleError
    held = {one.story_id: one.revision for one in prepared.content.stories}
    told = {one.story_id: one.revision for one in issues.content(session, short).stories}
    newest = {one: stories.get(session, one).head for one in drafts.stories_of(correction)}
    if told != newest or any(held[one] != head for one, head in newest.items()):
        raise StaleError


def _keep(session: Session, made: Sequence[Edition], revision: int) -> None:
    for edition in made:
        edition.revision = revision
    session.add_all(made)
    session.flush()


def _move(session: Session, correction: Correction, to: str, *, of: str) -> None:
    change = update(Correction).where(Correction.id == correction.id, Correction.state == of).values(state=to)
    if not guarded.write(session, change):
        raise StateError("The correction has moved on meanwhile.")
    session.refresh(correction)
