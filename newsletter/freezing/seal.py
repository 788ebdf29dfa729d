"""The seal: one hash over everything that was frozen, so that an approval is of exactly that."""

import hashlib
import json
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import issues, links
from newsletter.config import Settings
from newsletter.content import Audience
from newsletter.errors import StateError
from newsletter.models import ArchivePage, Edition, Issue, Post
from subscribers import bits

ANNOUNCEMENT = "announcement"
"""The purpose of the posts that are frozen with an issue; others follow from what becomes of it."""

_Row = TypeVar("_Row", Edition, ArchivePage, Post)


def digest(session: Session, settings: Settings, issue: Issue) -> str:
    """Return the hash over what is stored: editions, pages, posts, links, who gets which story, and who sends.

    Of editions and pages it takes every word that is stored now, not the hash that stands beside them.
    Raises StateError where nothing is frozen.
    """
    if issue.frozen_revision is None:
        message = f"Issue {issue.number} has not been frozen for approval."
        raise StateError(message)
    known = bits.load(session, issue.publication_id)
    told: dict[str, object] = {
        "sender": [settings.publication.from_address, settings.publication.title, settings.publication.list_id],
        "audience": [[one.story_id, one.topic, one.countries] for one in issues.choices(session, issue, known)],
        "editions": [[row.language, row.stories, of_edition(row)] for row in of_issue(session, issue)],
        "pages": [[row.language, of_page(row)] for row in _rows(session, ArchivePage, issue)],
        "posts": [
            [row.page, row.language, row.purpose, row.text, row.link, row.image_hash]
            for row in _rows(session, Post, issue)
            if row.purpose == ANNOUNCEMENT
        ],
    }
    content = issues.content(session, issue, issue.frozen_revision)
    if content.audience != Audience():
        told["among"] = content.audience.model_dump()
    if led := [[link.code, link.target] for link in links.held(session, issue.id, upto=issue.frozen_revision)]:
        told["links"] = led
    return of(told)


def of_issue(session: Session, issue: Issue) -> list[Edition]:
    """Return the editions that are or were frozen, by language, the largest of each first, and of these the newest.

    Those of a correction that is still to be approved are not among them.
    """
    newest = issue.frozen_revision or 0
    found = [row for row in _rows(session, Edition, issue) if row.revision <= newest]
    return sorted(found, key=lambda row: (row.language, -len(json.loads(row.stories)), -row.revision, row.id))


def of_edition(row: Edition) -> str:
    """Return the hash of what an edition says, shows and encloses."""
    return of([row.subject, row.html, row.text, row.fields, *json.loads(row.flyers)])


def of_page(row: ArchivePage) -> str:
    """Return the hash of what a public page says."""
    return of([row.title, row.description, row.body, row.image_hash])


def of(value: object) -> str:
    """Return the hash of plain values, the same on every machine."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _rows(session: Session, model: type[_Row], issue: Issue) -> list[_Row]:
    return list(session.scalars(select(model).where(model.issue_id == issue.id).order_by(model.language, model.id)))
