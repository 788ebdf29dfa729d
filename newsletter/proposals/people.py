"""The people a story is told for: those who proposed it, or whom an editor wrote down."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import audit
from newsletter.models import Proposal, Story
from subscribers import address


def of_story(session: Session, story_id: int) -> Proposal | None:
    """Return whom a story is told for, if anybody is known."""
    return session.scalar(select(Proposal).where(Proposal.story_id == story_id))


def of_stories(session: Session, story_ids: Iterable[int]) -> dict[int, Proposal]:
    """Return whom each of many stories is told for."""
    found = session.scalars(select(Proposal).where(Proposal.story_id.in_(list(story_ids))))
    return {one.story_id: one for one in found if one.story_id is not None}


def note(
    session: Session,
    story: Story,
    *,
    organisation: str,
    name: str,
    email: str,
    language: str,
    editor_id: int | None,
    now: datetime,
) -> Proposal:
    """Write down whom a story is told for, so that they hear what became of it; raise AddressError."""
    parsed = address.parse(email).email
    known = of_story(session, story.id)
    proposal = known or Proposal(
        publication_id=story.publication_id, story_id=story.id, state="noted", note="", wish="", created_at=now
    )
    proposal.organisation, proposal.name = " ".join(organisation.split()), " ".join(name.split())
    proposal.email, proposal.language = parsed, language
    session.add(proposal)
    session.flush()
    audit.record(session, "note proposer", f"story {story.id}", editor_id=editor_id, now=now, proposal=proposal.id)
    return proposal


def forget(session: Session, story: Story, *, editor_id: int | None, now: datetime) -> None:
    """Delete whom a story is told for; no letter goes to them any more."""
    known = of_story(session, story.id)
    if known is not None:
        session.delete(known)
        session.flush()
        audit.record(session, "forget proposer", f"story {story.id}", editor_id=editor_id, now=now)
