"""The stored links of an issue: only what is stored is ever led to."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from newsletter.links import addresses
from newsletter.models import Edition, Link, Release


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


def held(session: Session, issue_id: int, *, upto: int | None = None) -> list[Link]:
    """Return the links that an issue's editions hold, in order; `upto` leaves out those of later revisions."""
    wanted = select(Edition.links).where(Edition.issue_id == issue_id)
    stored = session.scalars(wanted if upto is None else wanted.where(Edition.revision <= upto))
    codes = {code for links in stored for code in json.loads(links)}
    known = session.scalars(select(Link).where(Link.issue_id == issue_id).order_by(Link.number))
    return [link for link in known if link.code in codes]


def find(session: Session, code: str) -> Link | None:
    """Return the link of a code, or None."""
    return session.scalar(select(Link).where(Link.code == code))


def is_out(session: Session, link: Link) -> bool:
    """Return whether the link's issue has gone out in any language; who follows it before is one of us."""
    released = exists().where(Release.issue_id == link.issue_id, Release.released_at.is_not(None))
    return bool(session.scalar(select(released)))
