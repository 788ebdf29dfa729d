"""Posts in doubt are looked for on the page; what is not found is never sent again by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from newsletter import database
from newsletter.config import FacebookSettings
from newsletter.models import Post
from newsletter.social import outbox, verdicts
from newsletter.social.answers import Failure, Refused, Seen
from newsletter.social.facebook import Client
from newsletter.social.verdicts import Verdict

WAITS = tuple(timedelta(seconds=seconds) for seconds in (30, 90, 180, 600))
"""Between the reads: they fall 0 s, 30 s, 2 min, 5 min and 15 min after the doubt began."""
READ_AGAIN = timedelta(minutes=1)
"""After a read that failed, which does not count."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Doubt:
    """A post whose turn to be looked for has come."""

    post_id: int
    version: int
    link: str


def read_due(engine: Engine, settings: FacebookSettings, client: Client, *, now: Callable[[], datetime]) -> int:
    """Look once for each post in doubt that is due; return how many were found."""
    with database.reading(engine) as session:
        doubts = _due(session, settings, now())
    found = 0
    for doubt in doubts:
        seen = client.look(doubt.link)
        with database.writing(engine) as session:
            found += _settle(session, doubt, seen, now())
    return found


def _due(session: Session, settings: FacebookSettings, now: datetime) -> list[Doubt]:
    rows = session.execute(
        select(Post.id, Post.version, Post.link)
        .where(Post.state == "in_doubt", Post.page == settings.page_id, Post.due_at <= now)
        .order_by(Post.due_at, Post.id)
    )
    return [Doubt(*row) for row in rows]


def _settle(session: Session, doubt: Doubt, seen: Seen | Failure, now: datetime) -> bool:
    post = session.get_one(Post, doubt.post_id, populate_existing=True)
    if post.version != doubt.version:
        return False
    if isinstance(seen, Failure):
        _pause(session, post, seen, now)
        return False
    if outbox.found(session, post, seen.posts, now=now):
        log.info("post.found", post=post.id)
        return True
    reads = post.reads + 1
    if reads <= len(WAITS):
        outbox.change(session, post, reads=reads, due_at=now + WAITS[reads - 1])
    else:
        outbox.decide(session, post, Verdict("needs_person", "not_found"), reads=reads)
        log.warning("post.needs_person", post=post.id)
    return False


def _pause(session: Session, post: Post, failure: Failure, now: datetime) -> None:
    """Put the read off; a dead token or a throttle pauses the whole page and resolves nothing."""
    verdict = verdicts.judge(failure, repeats=0, now=now)
    stay_away = verdict.whole_page and verdict.due_at is not None
    until = verdict.due_at if stay_away and verdict.due_at else now + READ_AGAIN
    detail = (failure.said or failure.message or None) if isinstance(failure, Refused) else None
    outbox.change(session, post, due_at=until, detail=detail)
    if stay_away:
        outbox.hold(session, post.page, until)
