"""The pool: stories that wait for an issue, and those that had theirs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from newsletter.models import Revision, Story, StoryText
from newsletter.rendering.views import AnyStory
from newsletter.stories import standings
from newsletter.stories.standings import TextStanding
from newsletter.stories.wording import CONTENT

WAITING = ("proposed", "accepted")


@dataclass(frozen=True)
class Entry:
    """One story of a list: what it says now and how far its languages are."""

    story: Story
    content: AnyStory
    standing: dict[str, TextStanding]


def pool(session: Session, publication_id: int) -> list[Story]:
    """Return the stories that wait for an issue, oldest first."""
    waiting = select(Story).where(Story.publication_id == publication_id, Story.state.in_(WAITING))
    return list(session.scalars(waiting.order_by(Story.id)))


def entries(
    session: Session,
    publication_id: int,
    languages: Sequence[str],
    *,
    states: Iterable[str] = WAITING,
    before: int | None = None,
    limit: int | None = None,
) -> list[Entry]:
    """Return stories in any of `states` with their newest content, newest first, in two queries.

    `before` and `limit` cut a page: those with a smaller id than `before`.
    """
    newest = and_(Revision.subject_kind == "story", Revision.subject_id == Story.id, Revision.number == Story.head)
    wanted = (
        select(Story, Revision.content)
        .join(Revision, newest)
        .where(Story.publication_id == publication_id, Story.state.in_(list(states)))
        .order_by(Story.id.desc())
        .limit(limit)
    )
    found = session.execute(wanted if before is None else wanted.where(Story.id < before)).all()
    known = standings.rows(session, [story.id for story, _ in found])
    return [_entry(story, content, known, languages) for story, content in found]


def _entry(story: Story, stored: str, known: dict[int, list[StoryText]], languages: Sequence[str]) -> Entry:
    content = CONTENT.validate_json(stored)
    return Entry(story, content, standings.weigh(story, content, known.get(story.id, ()), languages))
