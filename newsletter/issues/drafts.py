"""Issues as they are written: created, saved, read."""

import base64
import secrets
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsletter import audit, revisions
from newsletter.config import Settings
from newsletter.content import IssueContent
from newsletter.errors import NotFoundError
from newsletter.issues import states
from newsletter.models import Approval, Issue, Release, Revision
from newsletter.rendering import markup
from subscribers.models import Publication

SLUG_BYTES = 5
"""Eight letters of base32: nobody finds an issue's page before it is released."""


def create(
    session: Session,
    settings: Settings,
    publication_id: int,
    content: IssueContent,
    *,
    editor_id: int | None,
    now: datetime,
) -> Issue:
    """Add a draft with the next number and its first revision."""
    session.execute(select(Publication.id).where(Publication.id == publication_id).with_for_update())
    newest = session.scalar(select(func.max(Issue.number)).where(Issue.publication_id == publication_id))
    issue = Issue(
        publication_id=publication_id,
        number=(newest or 0) + 1,
        slug=_slug(content.send_at or now, settings),
        state="draft",
        head=0,
        created_at=now,
    )
    session.add(issue)
    session.flush()
    save(session, issue, content, base=0, editor_id=editor_id, now=now)
    audit.record(session, "create", f"issue {issue.id}", editor_id=editor_id, now=now, number=issue.number)
    return issue


def save(
    session: Session, issue: Issue, content: IssueContent, *, base: int, editor_id: int | None, now: datetime
) -> Revision:
    """Keep `content` as the revision after `base`; an approval asked for or given is void and the issue a draft again.

    Raises StaleError if `base` is not the newest revision, StateError once a part was released.
    """
    text = clean(content).model_dump_json()
    revision = revisions.append(session, issue, text, base=base, editor_id=editor_id, now=now)
    if issue.state not in states.OPEN:
        raise states.refuse(issue, "be changed any more")
    if issue.state != "draft":
        _void(session, issue, editor_id=editor_id, now=now)
    return revision


def content(session: Session, issue: Issue, revision: int | None = None) -> IssueContent:
    """Return what an issue says in one revision, the newest by default; raise NotFoundError."""
    number = revision if revision is not None else issue.head
    return IssueContent.model_validate_json(revisions.read(session, "issue", issue.id, number))


def get(session: Session, issue_id: int) -> Issue:
    """Return the issue; raise NotFoundError."""
    issue = session.get(Issue, issue_id)
    if issue is None:
        message = f"There is no issue {issue_id}."
        raise NotFoundError(message)
    return issue


def get_release(session: Session, release_id: int) -> Release:
    """Return the release; raise NotFoundError."""
    release = session.get(Release, release_id)
    if release is None:
        message = f"There is no release {release_id}."
        raise NotFoundError(message)
    return release


def clean(content: IssueContent) -> IssueContent:
    """Return `content` with its introductions reduced to the HTML subset."""
    texts = {
        language: text.model_copy(update={"introduction": markup.clean(text.introduction)})
        for language, text in content.texts.items()
    }
    return content.model_copy(update={"texts": texts})


def _void(session: Session, issue: Issue, *, editor_id: int | None, now: datetime) -> None:
    frozen, frozen_hash, before = issue.frozen_revision, issue.frozen_hash, issue.state
    cleared = {"frozen_revision": None, "frozen_hash": None, "frozen_until": None}
    if not states.move(session, issue, "draft", of=states.OPEN, **cleared):
        raise states.refuse(issue, "be changed any more")
    for release in issue.releases:
        release.state = "cancelled"
    session.add(
        Approval(
            issue_id=issue.id,
            revision=frozen or 0,
            frozen_hash=frozen_hash or "",
            editor_id=editor_id,
            decision="voided",
            comment=f"Revision {issue.head} was saved.",
            at=now,
        )
    )
    audit.record(session, "void", f"issue {issue.id}", editor_id=editor_id, now=now, state=before, head=issue.head)


def _slug(day: datetime, settings: Settings) -> str:
    random = base64.b32encode(secrets.token_bytes(SLUG_BYTES)).decode("ascii").lower()
    return f"{day.astimezone(settings.office.zone):%Y-%m}-{random}"
