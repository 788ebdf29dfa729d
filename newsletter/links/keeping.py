"""The stored links of an issue: only what is stored is ever led to."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.links import addresses
from newsletter.models import Link


@dataclass(frozen=True)
class Found:
    """An address that an issue leads to, and the story it belongs to."""

    target: str
    story_id: int | None


def keep(session: Session, issue_id: int, slug: str, found: Sequence[Found]) -> None:
    """Store the links of an issue; those of an earlier freezing stay, for a mail that went out may hold them."""
    known = {link.code: link for link in session.scalars(select(Link).where(Link.issue_id == issue_id))}
    for one in found:
        code = addresses.code(slug, one.target)
        link = known.get(code)
        if link is None:
            link = known[code] = Link(issue_id=issue_id, number=len(known) + 1, code=code, target=one.target)
            session.add(link)
        link.story_id = one.story_id
    session.flush()


def find(session: Session, code: str) -> Link | None:
    """Return the link of a code, or None."""
    return session.scalar(select(Link).where(Link.code == code))
