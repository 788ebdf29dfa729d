"""What becomes of a story in the pool: accepted, declined, taken up again."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from newsletter import audit
from newsletter.errors import StateError
from newsletter.models import Story
from subscribers import guarded

BEFORE = {"accept": ("proposed",), "decline": ("proposed", "accepted"), "reopen": ("declined", "used")}
"""The states out of which each decision leads."""

AFTER = {"accept": "accepted", "decline": "declined", "reopen": "accepted"}


def accept(session: Session, story: Story, *, editor_id: int | None, now: datetime) -> None:
    """Take a proposed story into the pool that issues are made of; raise StateError."""
    _decide(session, story, "accept", editor_id=editor_id, now=now)


def decline(session: Session, story: Story, *, editor_id: int | None, now: datetime) -> None:
    """Put a story aside; it stays readable and can be reopened. Raises StateError."""
    _decide(session, story, "decline", editor_id=editor_id, now=now)


def reopen(session: Session, story: Story, *, editor_id: int | None, now: datetime) -> None:
    """Bring a declined or used story back into the pool; raise StateError."""
    _decide(session, story, "reopen", editor_id=editor_id, now=now)


def possible(story: Story) -> list[str]:
    """Return the decisions that the story's state allows."""
    return [name for name, states in BEFORE.items() if story.state in states]


def _decide(session: Session, story: Story, name: str, *, editor_id: int | None, now: datetime) -> None:
    before = story.state
    change = update(Story).where(Story.id == story.id, Story.state.in_(BEFORE[name])).values(state=AFTER[name])
    decided = guarded.write(session, change)  # of two editors at once one decides
    session.refresh(story)
    if not decided:
        message = f"The story is {story.state} by now; that is not possible any more."
        raise StateError(message)
    audit.record(session, name, f"story {story.id}", editor_id=editor_id, now=now, before=before)
