"""The outbox of posts: guarded changes of state, each of which has one winner.

Every change is a compare-and-set on `version`; a row count of 0 means that somebody else was first.
The rules and the counterexamples behind them: at most one visible post for each planned post.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, literal_column, or_, select, text, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from newsletter.config import FacebookSettings
from newsletter.models import ArchivePage, Delivery, Issue, Post, PostAttempt, Release
from newsletter.social import sentences
from newsletter.social.answers import Answer, Made, Refused, Unclear
from newsletter.social.verdicts import Verdict
from subscribers import noted

MARGIN = timedelta(seconds=5)
"""A claim this near to its deadline sends no more (a quarter of a very short deadline)."""


@dataclass(frozen=True)
class Claim:
    """One process's hold on one post, and the attempt written for it."""

    post_id: int
    version: int
    attempt_id: int
    text: str
    link: str
    send_before: datetime
    deadline_at: datetime
    repeated: bool  # something may have been sent before: look at the page first


def claim(session: Session, settings: FacebookSettings, *, now: datetime) -> Claim | None:
    """Take the next due post and write the attempt, to be committed before connecting; None where nothing is due."""
    while post := session.scalar(select(Post).where(*_ready(settings, now)).order_by(Post.due_at, Post.id).limit(1)):
        lease = now + timedelta(seconds=settings.lease_seconds)
        if change(session, post, *_ready(settings, now), state="publishing", lease_until=lease):
            return _attempt(session, post, settings, now)
        session.expire_all()
    return None


def is_mine(session: Session, held: Claim, *, now: datetime) -> bool:
    """Return whether `held` still stands and its deadline is not near; otherwise nothing may be sent.

    A process may have slept since it claimed: its lease ended, a person said "it is not there",
    and somebody else sends.
    """
    if now >= held.send_before:
        return False
    paused = select(Issue.id).where(Issue.id == Post.issue_id, Issue.paused_at.is_not(None)).exists()
    mine = select(Post.id).where(Post.id == held.post_id, Post.version == held.version, Post.state == "publishing")
    return session.scalar(mine.where(~paused)) is not None


def repeats(session: Session, post_id: int, reason: str) -> int:
    """Return how many attempts directly before the present one ended in a wait for the same reason."""
    attempts = session.execute(
        select(PostAttempt.outcome, PostAttempt.reason)
        .where(PostAttempt.post_id == post_id, PostAttempt.outcome.is_not(None))
        .order_by(PostAttempt.id.desc())
    )
    count = 0
    for outcome, before in attempts:
        if (outcome, before) != ("waiting", reason):
            break
        count += 1
    return count


def settle(
    session: Session,
    held: Claim,
    verdict: Verdict,
    *,
    answer: Answer | None,
    seen: Sequence[Made] = (),
    sent_at: datetime | None,
    now: datetime,
) -> bool:
    """Write what became of a claim; return whether the post is published by it.

    `seen` are posts with its link that the page showed after a refusal. The attempt is completed even
    where the post has moved on meanwhile, and an id that comes late is always recorded and wins.
    """
    post = session.get_one(Post, held.post_id, populate_existing=True)
    if isinstance(answer, Made):
        published = _publish(session, post, "published", [answer], now=now)
    else:
        published = bool(seen) and found(session, post, seen, now=now)
    if not published and post.version == held.version:
        decide(session, post, verdict, detail=_words(answer))
    outcome = "published" if published else verdict.state
    session.execute(
        update(PostAttempt)
        .where(PostAttempt.id == held.attempt_id)
        .values(outcome=outcome, reason=verdict.reason, sent_at=sent_at, **_details(answer))
    )
    return published


def found(session: Session, post: Post, posts: Sequence[Made], *, now: datetime) -> bool:
    """Publish `post` where the page shows it; return whether it does.

    `posts` are those that carry its link.
    """
    mine = ours(session, post.id, posts)
    if not mine:
        return False
    return _publish(session, post, "found_on_page" if len(mine) == 1 else "found_twice", mine, now=now)


def ours(session: Session, post_id: int, posts: Sequence[Made]) -> tuple[Made, ...]:
    """Return those of `posts` that are not known as other posts."""
    others = select(Post.remote_id).where(Post.id != post_id, Post.remote_id.is_not(None))
    known = set(session.scalars(others))
    return tuple(seen for seen in posts if seen.remote_id not in known)


def decide(session: Session, post: Post, verdict: Verdict, *, detail: str | None = None, **more: Any) -> bool:
    """Write a verdict other than published; return whether the post was still as `post` says."""
    values: dict[str, Any] = {"state": verdict.state, "reason": verdict.reason, "due_at": verdict.due_at} | more
    if verdict.state == "in_doubt":
        values.setdefault("reads", 0)
    changed = change(session, post, detail=detail, note=sentences.english(verdict.reason), **values)
    if changed and verdict.whole_page and verdict.due_at is not None:
        hold(session, post.page, verdict.due_at)
    return changed


def hold(session: Session, page: str, until: datetime) -> None:
    """Try nothing on `page` before `until`: more calls would lengthen a block, and a token does not mend itself."""
    session.execute(
        update(Post)
        .where(Post.page == page, Post.state.in_(("planned", "waiting", "in_doubt")))
        .where(or_(Post.due_at.is_(None), Post.due_at < until))
        .values(due_at=until, version=Post.version + 1)
        .execution_options(synchronize_session=False)
    )


def change(session: Session, post: Post, *conditions: ColumnElement[bool], **values: Any) -> bool:
    """Set `values` where `post` still has its state and version; return whether it had."""
    result: CursorResult[Any] = session.execute(  # type: ignore[assignment]  # an UPDATE gives a cursor result
        update(Post)
        .where(Post.id == post.id, Post.version == post.version, Post.state == post.state, *conditions)
        .values(version=post.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if result.rowcount != 1:
        return False
    session.refresh(post)
    return True


def _ready(settings: FacebookSettings, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Post.page == settings.page_id,
        Post.state.in_(("planned", "waiting")),
        or_(Post.due_at.is_(None), Post.due_at <= now),
        exists().where(Issue.id == Post.issue_id, Issue.paused_at.is_(None)),
        *_after_mail(settings, now),
        exists().where(
            ArchivePage.issue_id == Post.issue_id,
            ArchivePage.language == Post.language,
            ArchivePage.published_at.is_not(None),
        ),
    )


def _after_mail(settings: FacebookSettings, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Let a post wait for the first attempt at all mail of its language's readers, but not for ever."""
    if not settings.after_mail:
        return ()
    # The plus keeps SQLite from walking all rows of the issue by its other index.
    of_it = literal_column("+delivery.issue_id") == Post.issue_id
    unsent = [
        exists(
            select(literal_column("1")).select_from(Delivery).where(of_it, text(f"delivery.{states}")).correlate(Post)
        )
        for states in ("state = 'queued'", "state IN ('claimed', 'on_wire')")
    ]
    long_ago = now - timedelta(hours=settings.after_mail_hours)
    late = exists().where(
        Release.issue_id == Post.issue_id, Release.language == Post.language, Release.released_at <= long_ago
    )
    return (or_(late, and_(*(~one for one in unsent))),)


def _attempt(session: Session, post: Post, settings: FacebookSettings, now: datetime) -> Claim:
    repeated = session.scalar(select(PostAttempt.id).where(PostAttempt.post_id == post.id).limit(1)) is not None
    allowed = timedelta(seconds=settings.deadline_seconds)
    deadline = now + allowed
    attempt = PostAttempt(
        post_id=post.id,
        claimed_at=now,
        deadline_at=deadline,
        payload_hash=hashlib.sha256(f"{post.text}\n{post.link}".encode()).hexdigest(),
    )
    session.add(attempt)
    session.flush()
    noted.note(session, "claimed", now=now, post=post.id, issue=post.issue_id, language=post.language)
    return Claim(
        post_id=post.id,
        version=post.version,
        attempt_id=attempt.id,
        text=post.text,
        link=post.link,
        send_before=deadline - min(MARGIN, allowed / 4),
        deadline_at=deadline,
        repeated=repeated,
    )


def _publish(session: Session, post: Post, reason: str, posts: Sequence[Made], *, now: datetime) -> bool:
    first = posts[-1]  # the oldest: the others are what a person deletes
    if post.state == "published":
        if post.remote_id in (None, first.remote_id):
            return False
        reason, posts = "found_twice", [*posts, Made(str(post.remote_id), str(post.permalink))]
        first = posts[-1]
    links = "\n".join(seen.permalink for seen in posts) if reason == "found_twice" else None
    return change(
        session,
        post,
        state="published",
        remote_id=first.remote_id,
        permalink=first.permalink,
        published_at=post.published_at or now,
        due_at=None,
        lease_until=None,
        reason=reason,
        note=sentences.english(reason),
        detail=links,
    )


def _details(answer: Answer | None) -> dict[str, Any]:
    if isinstance(answer, Made):
        return {"http_status": answer.status, "trace": answer.trace or None, "remote_id": answer.remote_id}
    if isinstance(answer, Refused | Unclear):
        return {
            "http_status": answer.status,
            "code": answer.code,
            "subcode": answer.subcode,
            "trace": answer.trace or None,
            "body": answer.body or None,
        }
    return {}


def _words(answer: Answer | None) -> str | None:
    return (answer.said or answer.message or None) if isinstance(answer, Refused) else None
