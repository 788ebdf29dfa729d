"""The pool: stories that wait for an issue, and those that had theirs."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.models import Story

WAITING = ("proposed", "accepted")


def pool(session: Session, publication_id: int) -> list[Story]:
    """Return the stories that wait for an issue, oldest first."""
    waiting = select(Story).where(Story.publication_id == publication_id, Story.state.in_(WAITING))
    return list(session.scalars(waiting.order_by(Story.id)))
