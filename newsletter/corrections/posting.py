"""What becomes of posts: one that is not out yet says the right words, one that is out is to be edited."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from newsletter import audit, urls, words
from newsletter.config import Settings
from newsletter.corrections import drafts
from newsletter.corrections.editing import EDITING
from newsletter.corrections.purposes import purpose_of
from newsletter.models import Correction, Issue, Post
from subscribers import guarded

NOT_OUT = ("frozen", "planned", "waiting", "by_hand")
"""States of a post that nobody has seen; its words may still change."""
GIVEN_UP = ("cancelled", "failed")


def follow(session: Session, settings: Settings, issue: Issue, correction: Correction, *, now: datetime) -> None:
    """Give posts that are not out the corrected words; where one is out, have it edited.

    The request is a row of its own with the purpose "correction". The program edits what it has posted
    itself; else, or where Facebook refuses, a person is asked to edit the post or to post the note.
    """
    for frozen in json.loads(correction.posts):
        this = Post.issue_id == issue.id, Post.language == frozen["language"], Post.purpose == frozen["purpose"]
        values = {"text": frozen["text"], "image_hash": frozen["image_hash"], "version": Post.version + 1}
        if guarded.write(session, update(Post).where(*this, Post.state.in_(NOT_OUT)).values(**values)):
            continue
        out = session.scalars(select(Post).where(*this, Post.state.not_in(GIVEN_UP))).first()
        if out is not None:
            _request(session, settings, issue, correction, out, now=now)


def _request(
    session: Session, settings: Settings, issue: Issue, correction: Correction, out: Post, *, now: datetime
) -> None:
    itself = out.state == "published" and out.remote_id is not None and out.page == settings.facebook.page_id
    link = urls.issue_page(settings, out.language, issue.slug)
    values: dict[str, Any] = {
        "issue_id": issue.id,
        "page": out.page,
        "language": out.language,
        "purpose": purpose_of(correction.number),
        "text": text(settings, out.language, drafts.notes_of(correction).get(out.language, ""), link),
        "link": link,
        "marker": f"{issue.slug}-{correction.number}"[:64],
        "state": EDITING if itself else "by_hand",
        "version": 0,
        "reads": 0,
        "reason": EDITING if itself else "by_hand",
        "permalink": out.permalink if itself else None,
        "remote_id": out.remote_id if itself else None,
        "due_at": now if itself else None,
    }
    if guarded.insert(session, Post, **values):
        told = {"language": out.language, "post": out.id}
        audit.record(session, "post.correction", f"issue {issue.id}", editor_id=None, now=now, **told)


def text(settings: Settings, language: str, note: str, link: str) -> str:
    """Return the words of the post that says what was put right."""
    say = words.load("newsroom", language if language in settings.publication.languages else "en")
    return f"{say('correction.post', note=note)}\n\n{say('correction.post_read', url=link)}"
