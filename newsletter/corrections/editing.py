"""Posts that are out are given the corrected words: by the program where it made them, else by a person.

An edit names the post by its id, so that it may be tried as often as one likes and never makes a post.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from newsletter import audit, database
from newsletter.config import Settings
from newsletter.corrections.purposes import number_of
from newsletter.models import Correction, Post
from newsletter.social import outbox, verdicts
from newsletter.social.answers import Failure, Refused
from newsletter.social.facebook import Client
from newsletter.social.verdicts import Verdict

EDITING = "editing"
"""The state of a request that the program carries out by itself."""

log = structlog.get_logger()


@dataclass(frozen=True)
class _Edit:
    """A post that is out, and the words it shall have."""

    request_id: int
    version: int
    remote_id: str
    text: str


def edit_due(engine: Engine, settings: Settings, client: Client, *, now: Callable[[], datetime]) -> int:
    """Carry out each edit that is due; return how many posts say the right words now."""
    with database.reading(engine) as session:
        due = _due(session, settings, now())
    done = 0
    for edit in due:
        failure = client.edit(edit.remote_id, edit.text)
        with database.writing(engine) as session:
            done += _settle(session, edit, failure, now=now())
    return done


def _due(session: Session, settings: Settings, now: datetime) -> list[_Edit]:
    if not settings.facebook.connected:
        return []
    ready = Post.state == EDITING, Post.page == settings.facebook.page_id, Post.due_at <= now
    requests = session.scalars(select(Post).where(*ready).order_by(Post.id)).all()
    found = [(one, out, text) for one in requests for out, text in _original(session, one)]
    return [_Edit(one.id, one.version, out.remote_id or "", text) for one, out, text in found]


def _original(session: Session, request: Post) -> list[tuple[Post, str]]:
    """Return the post that a request is about with its corrected words; nothing where it is gone."""
    correction = session.scalars(
        select(Correction).where(
            Correction.issue_id == request.issue_id, Correction.number == number_of(request.purpose)
        )
    ).one_or_none()
    for frozen in json.loads(correction.posts) if correction is not None else []:
        out = session.scalars(
            select(Post).where(
                Post.issue_id == request.issue_id,
                Post.language == frozen["language"],
                Post.purpose == frozen["purpose"],
                Post.remote_id == request.remote_id,
            )
        ).one_or_none()
        if out is not None:
            return [(out, frozen["text"])]
    return []


def _settle(session: Session, edit: _Edit, failure: Failure | None, *, now: datetime) -> bool:
    request = session.get_one(Post, edit.request_id, populate_existing=True)
    if request.version != edit.version or request.state != EDITING:
        return False
    if failure is not None:
        _put_off(session, request, failure, now=now)
        return False
    outbox.change(session, request, state="published", reason="edited", due_at=None, published_at=now, text=edit.text)
    session.execute(
        update(Post)
        .where(Post.issue_id == request.issue_id, Post.remote_id == edit.remote_id, Post.id != request.id)
        .values(text=edit.text, version=Post.version + 1)
    )
    audit.record(session, "post.edited", f"issue {request.issue_id}", editor_id=None, now=now, post=request.id)
    log.info("post.edited", post=request.id)
    return True


def _put_off(session: Session, request: Post, failure: Failure, *, now: datetime) -> None:
    """Try again later, as often as a post would be; then ask a person."""
    line = verdicts.row(failure)
    detail = (failure.said or failure.message or None) if isinstance(failure, Refused) else None
    if line.action in ("token", "wait"):
        later = verdicts.judge(failure, repeats=0, now=now).due_at
        outbox.change(session, request, due_at=later, detail=detail)
    elif line.action != "person" and request.reads < len(verdicts.RETRIES):
        wait = verdicts.RETRIES[request.reads]
        outbox.change(session, request, due_at=now + wait, reads=request.reads + 1, detail=detail)
    else:
        outbox.decide(session, request, Verdict("by_hand", "edit_refused"), detail=detail, remote_id=None)
        log.warning("post.edit_refused", post=request.id, reason=line.reason)
