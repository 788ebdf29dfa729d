"""Issues as they are written: created, saved, read."""

import base64
import secrets
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from newsletter import audit, revisions
from newsletter.config import Settings
from newsletter.content import IssueContent, StoryChoice
from newsletter.errors import InvalidContentError, NotFoundError, StaleError
from newsletter.issues import states
from newsletter.models import Approval, Issue, Release, Revision, Story
from newsletter.rendering import markup
from newsletter.revisions import ConflictError
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
    """Keep `content`, which was written on the revision `base`, as the newest; an issue approved is a draft again.

    What somebody else saved since `base` is kept too where it is about other fields. What changes nothing
    makes no revision and ends no approval. Raises ConflictError, which holds both, where both changed the same
    field, StaleError for a `base` that never was, StateError once a part was released, and
    InvalidContentError for a story that does not exist.
    """
    session.refresh(issue, with_for_update=True)  # parallel editors and the clock wait for each other here
    if issue.state not in states.OPEN:
        raise states.refuse(issue, "be changed any more")
    wanted = clean(content)
    _demand_stories(session, issue, wanted)
    if issue.head:
        wanted = _merged(session, issue, wanted, base=base)
        newest = session.scalars(_newest(issue)).one()
        if wanted == IssueContent.model_validate_json(newest.content):
            return newest
    revision = revisions.append(
        session, issue, wanted.model_dump_json(), base=issue.head or base, editor_id=editor_id, now=now
    )
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
    """Return `content` with what cannot be meant put right.

    Introductions are reduced to the HTML subset, a story chosen twice stands once, and no language has a time
    of its own that the issue does not speak or that is everybody's.
    """
    texts = {
        language: text.model_copy(update={"introduction": str(markup.clean(text.introduction))})
        for language, text in content.texts.items()
    }
    later = {one: time for one, time in content.later.items() if one in texts and time != content.send_at}
    once: dict[int, StoryChoice] = {}
    for choice in content.stories:
        once.setdefault(choice.story_id, choice)
    return content.model_copy(update={"texts": texts, "later": later, "stories": tuple(once.values())})


def _merged(session: Session, issue: Issue, mine: IssueContent, *, base: int) -> IssueContent:
    if base == issue.head:
        return mine
    if not 0 < base < issue.head:
        raise StaleError
    merged = revisions.merge(content(session, issue, base), mine, content(session, issue))
    if merged.content is None:
        raise ConflictError(merged, base=base, head=issue.head)
    return merged.content


def _newest(issue: Issue) -> Select[Revision]:
    return select(Revision).where(
        Revision.subject_kind == "issue", Revision.subject_id == issue.id, Revision.number == issue.head
    )


def _demand_stories(session: Session, issue: Issue, content: IssueContent) -> None:
    """Raise InvalidContentError for a story of another publication, or at a revision that it never had."""
    ids = [choice.story_id for choice in content.stories]
    query = select(Story.id, Story.head).where(Story.id.in_(ids), Story.publication_id == issue.publication_id)
    heads = dict(session.execute(query).all())
    for choice in content.stories:
        if not 0 < choice.revision <= heads.get(choice.story_id, 0):
            message = f"There is no revision {choice.revision} of a story {choice.story_id} to choose."
            raise InvalidContentError(message)


def _void(session: Session, issue: Issue, *, editor_id: int | None, now: datetime) -> None:
    frozen, frozen_hash, before = issue.frozen_revision, issue.frozen_hash, issue.state
    cleared = {"frozen_revision": None, "frozen_hash": None, "frozen_until": None, "frozen_days": "{}"}
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
