"""What becomes of an issue once a person has said whether it was sent."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Literal, get_args

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from newsletter import audit, issues
from newsletter.config import Settings
from newsletter.delivery import report
from newsletter.issues import releases
from newsletter.models import Delivery, Issue, Post, Release
from newsletter.restoring.telling import Released
from newsletter.social import outbox
from newsletter.social.verdicts import Verdict

Answer = Literal["sent", "some", "not-sent"]
ANSWERS: tuple[Answer, ...] = get_args(Answer)

REASON = "restored"
"""Why rows are uncertain: the database they were settled in is gone."""
OPEN = ("queued", "claimed", "on_wire", "deferred")
_PAUSED = "The database was restored from a backup. See what became of this issue, then resume or cancel it."

log = structlog.get_logger()


def apply(
    session: Session,
    settings: Settings,
    issue: Issue,
    answer: Answer,
    *,
    released: Released | None,
    now: datetime,
) -> None:
    """Carry out an answer.

    sent: it goes out no more; who had it is unknown, and the closing report says so. some: likewise, but it
    stays paused, and a person may send to those who may not have it. not-sent: it waits for a person.
    """
    if answer == "not-sent":
        _hold(session, issue, now=now)
    else:
        _as_sent(session, settings, issue, released, now=now)
        if answer == "some" and issue.state == "sending":
            issues.pause(session, issue, _PAUSED, now=now, editor_id=None)
    audit.record(session, f"restore.{answer}", f"issue {issue.id}", editor_id=None, now=now)
    log.info("issue answered", issue=issue.id, answer=answer)


def doubt(session: Session, posts: Iterable[Post], *, now: datetime) -> int:
    """Have posts looked for on the page, and never sent by themselves; return how many."""
    verdict = Verdict("in_doubt", "interrupted", now)
    return sum(outbox.decide(session, post, verdict, lease_until=None) for post in posts)


def posts_of(session: Session, issue_id: int) -> list[Post]:
    """Return the posts of an issue that would be made."""
    mine = select(Post).where(Post.issue_id == issue_id, Post.state.in_(("planned", "waiting", "publishing")))
    return list(session.scalars(mine))


def _hold(session: Session, issue: Issue, *, now: datetime) -> None:
    due = update(Release).where(Release.issue_id == issue.id, Release.state == "planned", Release.due_at <= now)
    session.execute(due.values(state="held"))
    if issue.state == "sending":
        issues.pause(session, issue, _PAUSED, now=now, editor_id=None)


def _as_sent(session: Session, settings: Settings, issue: Issue, released: Released | None, *, now: datetime) -> None:
    session.execute(
        update(Issue)
        .where(Issue.id == issue.id, Issue.state.in_(releases.RELEASABLE))
        .values(paused_at=None, paused_reason=None, paused_for="")
    )
    session.refresh(issue)
    for release in list(issue.releases):
        at = (released.languages if released else {}).get(release.language)
        if release.state in ("planned", "held") and (at or (not released and release.due_at <= now)):
            _release(session, settings, issue, release, at=at or release.due_at)
    rows = update(Delivery).where(Delivery.issue_id == issue.id, Delivery.state.in_(OPEN))
    session.execute(rows.values(state="uncertain", reason=REASON, settled_at=now, next_at=None))
    doubt(session, posts_of(session, issue.id), now=now)
    if issue.state not in ("sending", "closed", "cancelled"):
        _close(session, issue, now=now)


def _release(session: Session, settings: Settings, issue: Issue, release: Release, *, at: datetime) -> None:
    """Let a part out as it was let out then, at that time and whatever kept it waiting; nothing is mailed by it."""
    release.state, release.due_at, release.as_printed = "planned", at, True
    session.flush()
    at_once = settings.approval.model_copy(update={"office_copy_minutes": 0})
    if issue.state in releases.RELEASABLE:
        issues.release(session, settings.model_copy(update={"approval": at_once}), release, now=at)
        session.refresh(issue)


def _close(session: Session, issue: Issue, *, now: datetime) -> None:
    """Call an issue closed that this copy knows only unfinished: what was sent of it cannot be known."""
    unsent = update(Release).where(Release.issue_id == issue.id, Release.state.in_(("planned", "held")))
    session.execute(unsent.values(state="cancelled"))
    issue.state, issue.closed_at = "closed", now
    issue.report = json.dumps(report.build(session, issue).as_dict())
    session.flush()
