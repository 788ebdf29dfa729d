"""Pictures and flyers that nothing refers to any more: uploads nobody kept, and cards of what was frozen before.

A file is named by the hash of its bytes, so that whatever holds that name uses it: any revision of a story
or an issue, also an old one, a proposal, a series, a frozen mail or page, a post, a correction under way.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from newsletter.models import ArchivePage, Correction, Edition, Flyer, Image, Post, Proposal, Revision, Series
from subscribers import guarded

MOST = 20
"""Files looked at in one go: for each, everything that was ever written is read through."""

_TEXTS: tuple[InstrumentedAttribute[str], ...] = (
    *(Revision.content, Proposal.wish, Series.rule, Edition.html, Edition.flyers, ArchivePage.body),
    *(Correction.pages, Correction.posts, Post.text),
)
_NAMED: tuple[InstrumentedAttribute[str | None], ...] = (ArchivePage.image_hash, Post.image_hash)


def find(session: Session, kind: type[Image | Flyer], *, before: datetime, after: str = "") -> tuple[list[str], str]:
    """Return the hashes of files that nothing names, and where to go on (empty: at the end). Reads only.

    Looked at are files that came `before` a moment, with hashes `after` one.
    """
    old = select(kind.hash).where(kind.created_at < before, kind.hash > after).order_by(kind.hash).limit(MOST)
    hashes = session.scalars(old).all()
    return [one for one in hashes if not is_used(session, one)], hashes[-1] if len(hashes) == MOST else ""


def is_used(session: Session, file_hash: str) -> bool:
    """Return whether anything names the file."""
    return any(_found(session, column == file_hash) for column in _NAMED) or any(
        _found(session, column.contains(file_hash)) for column in _TEXTS
    )


def forget(session: Session, kind: type[Image | Flyer], hashes: Sequence[str], *, before: datetime) -> int:
    """Delete these files and return how many; one that somebody has uploaded again since is new, and stays."""
    still = [select(column).where(column.in_(hashes)) for column in _NAMED]
    unnamed = [kind.hash.not_in(one) for one in still]
    return guarded.write(session, delete(kind).where(kind.hash.in_(hashes), kind.created_at < before, *unnamed))


def _found(session: Session, condition: ColumnElement[bool]) -> bool:
    return session.scalar(select(literal(1)).where(condition).limit(1)) is not None
