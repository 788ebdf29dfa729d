"""Posts of issues: planned at release, published when due, closed by a person where nobody else can."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Engine, and_, func, or_, select
from sqlalchemy.orm import Session

from newsletter import audit, database
from newsletter.config import Settings
from newsletter.errors import StaleError, StateError
from newsletter.models import Post, PostAttempt
from newsletter.social import outbox, permalinks, reconciling
from newsletter.social.facebook import Client
from newsletter.social.sending import Sender
from newsletter.social.verdicts import Verdict

BY_HAND = "by-hand"
"""The page of posts that a person makes."""
SEND_AGAIN_AFTER = timedelta(minutes=15)
"""Nothing that is in doubt is sent again earlier after the last attempt, whoever asks."""

Choice = Literal["there", "send_again", "leave"]


def page_of(settings: Settings) -> str:
    """Return the page that posts are made for: the connected one, or `BY_HAND`."""
    return settings.facebook.page_id or BY_HAND


def of_issue(session: Session, issue_id: int) -> Sequence[Post]:
    """Return the posts of an issue, by language."""
    return session.scalars(select(Post).where(Post.issue_id == issue_id).order_by(Post.language, Post.id)).all()


def plan(session: Session, settings: Settings, issue_id: int, language: str, *, now: datetime) -> int:
    """Plan the frozen posts of a released language, or hand them to a person where no page is connected.

    Returns how many. They are sent once the archive page is public.
    """
    state = Verdict("planned", "planned", now) if settings.facebook.connected else Verdict("by_hand", "by_hand")
    frozen = select(Post).where(Post.issue_id == issue_id, Post.language == language, Post.state == "frozen")
    posts = session.scalars(frozen).all()
    return sum(outbox.decide(session, post, state, page=page_of(settings)) for post in posts)


def publish_due(engine: Engine, settings: Settings, client: Client, *, now: Callable[[], datetime]) -> int:
    """Publish every post that is due and look for those in doubt; return how many are published by it.

    Any number of processes may do this at once. Each claim is committed before anything is sent.
    """
    with database.reading(engine) as session:
        if not _anything_due(session, now()):
            return 0
    with database.writing(engine) as session:
        recover(session, now())
        _hand_over_strangers(session, settings)
    sender = Sender(engine, client, now)
    published = 0
    while settings.facebook.connected:
        with database.writing(engine) as session:
            held = outbox.claim(session, settings.facebook, now=now())
        if held is None:
            break
        published += sender.send(held)
    return published + reconciling.read_due(engine, settings.facebook, client, now=now)


def recover(session: Session, now: datetime) -> int:
    """Put posts whose claim is over in doubt, never back to planned; return how many."""
    stale = session.scalars(select(Post).where(Post.state == "publishing", Post.lease_until < now)).all()
    return sum(outbox.decide(session, post, Verdict("in_doubt", "interrupted", now)) for post in stale)


def record_by_hand(
    session: Session,
    post: Post,
    permalink: str,
    *,
    editor_id: int | None,
    now: datetime,
    settings: Settings | None = None,
) -> None:
    """Close a post that a person has made on the page.

    With `settings`, an address on their `graph_base` on this machine (the simulator) is accepted too.
    Raises PermalinkError for anything but a post's address, StateError where the post is not by hand,
    StaleError where somebody else was first.
    """
    address = permalinks.check(permalink, _graph_base(settings))
    if post.state != "by_hand":
        raise StateError("This post is not waiting to be made by hand.")
    _close(session, post, "made_by_hand", address, now)
    audit.record(session, "post.by_hand", f"post {post.id}", editor_id=editor_id, now=now, permalink=address)


def answer_doubt(
    session: Session,
    post: Post,
    choice: Choice,
    *,
    editor_id: int | None,
    now: datetime,
    permalink: str = "",
    settings: Settings | None = None,
) -> None:
    """Carry out what a person decided about a post that is in doubt or was refused.

    there: it is on the page, at `permalink`. send_again: it is not; the page is read once more before
    anything is sent. leave: nothing more is done. Raises PermalinkError, StateError (with the time from
    which sending again is possible), or StaleError.
    """
    if choice == "there":
        _require(post, "in_doubt", "needs_person", "failed", "waiting")
        _close(session, post, "confirmed", permalinks.check(permalink, _graph_base(settings)), now)
    elif choice == "send_again":
        _require(post, "in_doubt", "needs_person", "failed", "waiting")
        _refuse_haste(session, post, now)
        _change(outbox.decide(session, post, Verdict("planned", "sent_again", now)))
    else:
        _require(post, "in_doubt", "needs_person", "failed", "waiting", "by_hand")
        _change(outbox.decide(session, post, Verdict("cancelled", "left")))
    audit.record(session, f"post.{choice}", f"post {post.id}", editor_id=editor_id, now=now)


def earliest_again(session: Session, post: Post) -> datetime | None:
    """Return from when a person may have `post` sent again; None for at once."""
    if post.state == "waiting" and post.reason in ("throttled", "spam_guard"):
        return post.due_at
    if post.state not in ("in_doubt", "needs_person"):
        return None
    last = select(func.coalesce(PostAttempt.sent_at, PostAttempt.deadline_at)).where(PostAttempt.post_id == post.id)
    at = session.scalar(last.order_by(PostAttempt.id.desc()).limit(1))
    return at + SEND_AGAIN_AFTER if at else None


def _refuse_haste(session: Session, post: Post, now: datetime) -> None:
    earliest = earliest_again(session, post)
    if earliest is not None and now < earliest:
        minutes = -((now - earliest) // timedelta(minutes=1))
        message = f"That would be too early; it is possible in {minutes} minutes. Look at the page meanwhile."
        raise StateError(message)


def _anything_due(session: Session, now: datetime) -> bool:
    open_states = Post.state.in_(("planned", "waiting", "in_doubt"))
    due = and_(open_states, or_(Post.due_at.is_(None), Post.due_at <= now))
    stale = and_(Post.state == "publishing", Post.lease_until < now)
    return session.scalar(select(Post.id).where(or_(due, stale)).limit(1)) is not None


def _hand_over_strangers(session: Session, settings: Settings) -> None:
    """Give to a person what was planned for a page that is no longer the connected one."""
    planned = Post.state.in_(("planned", "waiting"))
    for post in session.scalars(select(Post).where(planned, Post.page != settings.facebook.page_id)).all():
        outbox.decide(session, post, Verdict("by_hand", "other_page"))


def _close(session: Session, post: Post, reason: str, permalink: str, now: datetime) -> None:
    verdict = Verdict("published", reason)
    _change(outbox.decide(session, post, verdict, permalink=permalink, published_at=now, lease_until=None))


def _require(post: Post, *states: str) -> None:
    if post.state not in states:
        raise StateError("This post asks nothing of anybody now.")


def _change(changed: bool) -> None:  # noqa: FBT001 - the outcome of a guarded update
    if not changed:
        raise StaleError("This post has moved on since you opened it. Look at it again.")


def _graph_base(settings: Settings | None) -> str:
    return settings.facebook.graph_base if settings else ""
