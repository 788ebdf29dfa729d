"""The posts of an issue: how they will look, how they are made by hand, and what to do about those in doubt."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Form
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from newsletter import issues
from newsletter.errors import NotFoundError, PermalinkError
from newsletter.models import ArchivePage, Issue, Post
from newsletter.social import posts, sentences
from newsletter.web.dependencies import Reading, Writing
from newsletter.web.editor import route, standing
from newsletter.web.editor.desk import AtDesk, Desk

ASKS = ("in_doubt", "needs_person", "failed")
"""States in which a person may say what is on the page."""

router = route.router()


@dataclass(frozen=True)
class Shown:
    """One post as the desk shows it."""

    post: Post
    sentence: str  # why it is so and what to do
    asks: bool  # whether it is on the page is for a person to say
    again_from: datetime | None  # from when it may be sent again, if that is later than now
    page: ArchivePage | None  # what its link leads to, of which Facebook makes a card
    wrong: str = ""


@router.get("/issues/{issue_id:int}/posts")
def show(at: AtDesk, session: Reading, issue_id: int) -> Response:
    """Show the posts of an issue."""
    return _page(at, session, issues.get(session, issue_id))


@router.post("/issues/{issue_id:int}/posts/{post_id:int}/posted")
def record(
    at: AtDesk, session: Writing, issue_id: int, post_id: int, permalink: Annotated[str, Form()] = ""
) -> Response:
    """Note that somebody has made a post by hand, and where it is."""
    issue, post = _find(session, issue_id, post_id)
    try:
        posts.record_by_hand(session, post, permalink, editor_id=at.editor.id, now=at.now, settings=at.context.settings)
    except PermalinkError:
        return _page(at, session, issue, wrong={post_id: "permalink"})
    return at.go(at.links.issue(issue_id, "posts", done="posted"))


@router.post("/issues/{issue_id:int}/posts/{post_id:int}/answer")
def answer(
    at: AtDesk,
    session: Writing,
    issue_id: int,
    post_id: int,
    *,
    choice: Annotated[posts.Choice, Form()],
    permalink: Annotated[str, Form()] = "",
) -> Response:
    """Carry out what somebody who looked at the page says about a post."""
    issue, post = _find(session, issue_id, post_id)
    earliest = posts.earliest_again(session, post)
    if choice == "send_again" and earliest is not None and at.now < earliest:
        return _page(at, session, issue, wrong={post_id: "too_early"})
    try:
        posts.answer_doubt(
            session,
            post,
            choice,
            editor_id=at.editor.id,
            now=at.now,
            permalink=permalink,
            settings=at.context.settings,
        )
    except PermalinkError:
        return _page(at, session, issue, wrong={post_id: "permalink"})
    return at.go(at.links.issue(issue_id, "posts", done="answered"))


def _find(session: Session, issue_id: int, post_id: int) -> tuple[Issue, Post]:
    post = session.get(Post, post_id)
    if post is None or post.issue_id != issue_id:
        raise NotFoundError
    return issues.get(session, issue_id), post


def _page(at: Desk, session: Session, issue: Issue, *, wrong: dict[int, str] | None = None) -> Response:
    refused = wrong or {}
    shown = [_shown(at, session, post, refused.get(post.id, "")) for post in posts.of_issue(session, issue.id)]
    return at.page(
        "posts",
        status=422 if refused else 200,
        here=at.links.issue(issue.id, "posts"),
        issue=issue,
        shown=shown,
        state=standing.state_of(issue),
        facebook=at.context.settings.facebook,
        host=urlsplit(at.context.settings.web.base_url).hostname,
    )


def _shown(at: Desk, session: Session, post: Post, wrong: str) -> Shown:
    earliest = posts.earliest_again(session, post)
    page = select(ArchivePage).where(ArchivePage.issue_id == post.issue_id, ArchivePage.language == post.language)
    return Shown(
        post,
        sentences.of(post, at.language),
        post.state in ASKS,
        earliest if earliest is not None and earliest > at.now else None,
        session.scalar(page),
        wrong,
    )
