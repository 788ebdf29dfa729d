"""The seal of a correction: one hash over all that takes the place of what is out, and all that is sent about it."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.approvals import sealed
from newsletter.config import Settings
from newsletter.freezing import seal
from newsletter.models import ArchivePage, Correction, Edition, Issue, Post

PAGE = ("language", "title", "description", "body", "image_hash", "hash")
POST = ("page", "language", "purpose", "text", "link", "marker", "image_hash")


def digest(session: Session, settings: Settings, correction: Correction) -> str:
    """Return the hash over what is stored of a correction."""
    told: dict[str, object] = {
        "sender": [settings.publication.from_address, settings.publication.title, settings.publication.list_id],
        "issue": [correction.issue_id, correction.base_revision, correction.revision],
        "stories": correction.stories,
        "notes": correction.notes,
        "editions": _editions(session, correction.issue_id, correction.revision),
        "short": _editions(session, correction.short_id, None),
        "pages": json.loads(correction.pages),
        "posts": json.loads(correction.posts),
    }
    if correction.texts != "{}":
        told["texts"] = correction.texts
    return seal.of(told)


def broken(session: Session, settings: Settings) -> list[int]:
    """Return the corrections whose short mail is on its way and is not what was approved any more; reads only."""
    going = (
        select(Correction)
        .join(Issue, Issue.id == Correction.short_id)
        .where(Correction.state == "applied", Issue.state == "sending", Issue.paused_at.is_(None))
    )
    return [one.id for one in session.scalars(going) if digest(session, settings, one) != one.frozen_hash]


def hold(session: Session, settings: Settings, correction_id: int, *, now: datetime) -> bool:
    """Pause such a short mail and tell the editors; return False where somebody has paused it before."""
    short = session.get_one(Issue, session.get_one(Correction, correction_id).short_id, with_for_update=True)
    if short.paused_at is not None or correction_id not in broken(session, settings):
        return False
    sealed.stop(session, settings, short, now=now)
    return True


def pages(rows: Iterable[ArchivePage]) -> str:
    """Return frozen pages as they are kept until they take the place of those that are out."""
    return json.dumps([_values(row, PAGE) for row in rows], ensure_ascii=False)


def posts(rows: Iterable[Post]) -> str:
    """Return frozen posts in the same way."""
    return json.dumps([_values(row, POST) for row in rows], ensure_ascii=False)


def _values(row: ArchivePage | Post, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _editions(session: Session, issue_id: int, revision: int | None) -> list[list[Any]]:
    wanted = select(Edition).where(Edition.issue_id == issue_id)
    if revision is not None:
        wanted = wanted.where(Edition.revision == revision)
    found = session.scalars(wanted.order_by(Edition.language, Edition.stories))
    return [[row.language, row.stories, seal.of_edition(row)] for row in found]
