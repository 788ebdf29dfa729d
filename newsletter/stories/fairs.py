"""Fairs that come back every year."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import audit
from newsletter.content import Fair
from newsletter.errors import StateError
from newsletter.models import Story
from newsletter.stories import drafts, standings


def next_year(session: Session, story: Story, *, editor_id: int | None, now: datetime) -> Story:
    """Return next year's fair: planned, its dates unknown, its words kept but all waiting to be looked at.

    A fair has one successor: pressing twice returns the same. Raises StateError for another kind of story.
    """
    session.refresh(story, with_for_update=True)
    content = drafts.content(session, story.id)
    if not isinstance(content, Fair):
        message = "Only a fair has a next year."
        raise StateError(message)
    known = successor(session, story)
    if known is not None:
        return known
    unknown = {"status": "planned", "starts": None, "ends": None, "openings": ()}
    made = drafts.create(
        session, story.publication_id, content.model_copy(update=unknown), editor_id=editor_id, now=now
    )
    made.follows_id = story.id
    standings.doubt(session, made)
    audit.record(session, "next year", f"story {made.id}", editor_id=editor_id, now=now, follows=story.id)
    return made


def successor(session: Session, story: Story) -> Story | None:
    """Return next year's fair if it has been made and was not declined."""
    following = select(Story).where(Story.follows_id == story.id, Story.state != "declined").order_by(Story.id)
    return session.scalars(following.limit(1)).first()
