"""Planned reminders of a fair that does not take place as told: they are stopped, however that became known."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from newsletter import audit, issues, stories
from newsletter.content import Fair
from newsletter.models import Issue, Post
from subscribers import guarded

REMINDER = "reminder"
PLANNED = ("frozen", "planned", "waiting", "by_hand")
OFF = ("postponed", "cancelled")


def stop_reminders(session: Session, *, now: datetime) -> int:
    """Cancel the reminders still to be posted of issues whose fair is postponed or cancelled; return how many."""
    return sum(_stop(session, post, now=now) for post in off(session))


def off(session: Session) -> list[Post]:
    """Return the reminders still to be posted of issues whose fair is postponed or cancelled. Reads only."""
    planned = select(Post).where(Post.purpose.startswith(REMINDER), Post.state.in_(PLANNED))
    return [post for post in session.scalars(planned).all() if _is_off(session, post)]


def _is_off(session: Session, post: Post) -> bool:
    issue = session.get_one(Issue, post.issue_id)
    held = issues.content(session, issue, issue.frozen_revision).stories
    return any(_off(session, choice.story_id) for choice in held)


def _off(session: Session, story_id: int) -> bool:
    content = stories.content(session, story_id)
    return isinstance(content, Fair) and content.status in OFF


def _stop(session: Session, post: Post, *, now: datetime) -> bool:
    change = update(Post).where(Post.id == post.id, Post.version == post.version, Post.state.in_(PLANNED))
    stopped = guarded.write(session, change.values(state="cancelled", reason="left", version=post.version + 1)) == 1
    if stopped:
        audit.record(session, "post.stopped", f"post {post.id}", editor_id=None, now=now, issue=post.issue_id)
    return stopped
