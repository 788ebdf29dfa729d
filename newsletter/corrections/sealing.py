"""The seal of a correction: one hash over all that takes the place of what is out, and all that is sent about it."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.config import Settings
from newsletter.freezing import seal
from newsletter.models import ArchivePage, Correction, Edition, Post

PAGE = ("language", "title", "description", "body", "image_hash", "hash")
POST = ("page", "language", "purpose", "text", "link", "marker", "image_hash")


def digest(session: Session, settings: Settings, correction: Correction) -> str:
    """Return the hash over what is stored of a correction."""
    told = {
        "sender": [settings.publication.from_address, settings.publication.title, settings.publication.list_id],
        "issue": [correction.issue_id, correction.base_revision, correction.revision],
        "stories": correction.stories,
        "notes": correction.notes,
        "editions": _editions(session, correction.issue_id, correction.revision),
        "short": _editions(session, correction.short_id, None),
        "pages": json.loads(correction.pages),
        "posts": json.loads(correction.posts),
    }
    return seal.of(told)


def pages(rows: Iterable[ArchivePage]) -> str:
    """Return frozen pages as they are kept until they take the place of those that are out."""
    return json.dumps([_values(row, PAGE) for row in rows], ensure_ascii=False)


def posts(rows: Iterable[Post]) -> str:
    """Return frozen posts in the same way."""
    return json.dumps([_values(row, POST) for row in rows], ensure_ascii=False)


def _values(row: ArchivePage | Post, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _editions(session: Session, issue_id: int, revision: int | None) -> list[list[Any]]:
    wanted = select(Edition.language, Edition.stories, Edition.hash).where(Edition.issue_id == issue_id)
    if revision is not None:
        wanted = wanted.where(Edition.revision == revision)
    return [list(row) for row in session.execute(wanted.order_by(Edition.language, Edition.stories))]
