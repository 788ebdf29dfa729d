"""What a series finds in the pool for one day."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from newsletter import issues, stories
from newsletter.config import Settings
from newsletter.content import Fair, Food, Industry, Notice, StoryChoice
from newsletter.issues import views
from newsletter.models import Issue, SeriesRun, Story
from newsletter.rendering.views import AnyStory
from newsletter.series.rule import Picking

LONG_AGO = timedelta(days=400)
"""What an earlier issue told is looked for so far back."""
COMING = ("asked", "approved", "scheduled", "sending")


@dataclass(frozen=True)
class Picked:
    """What a day's issue would hold."""

    choices: tuple[StoryChoice, ...]
    titles: tuple[dict[str, str], ...]  # of each, by language
    unready: int  # stories that fit, but lack words or have old ones in a language


@dataclass(frozen=True)
class _Found:
    story: Story
    content: AnyStory


def pick(session: Session, settings: Settings, publication_id: int, picking: Picking, *, day: date) -> Picked:
    """Return the stories for an issue of that day: what comes first stands first, what has no date last.

    What is proposed, over, postponed or cancelled is left alone, and so is a story that is not ready in
    every language it is told in: an issue made by itself must pass the checks. What another issue is about to
    tell is told by that one, unless the series tells again.
    """
    taken = frozenset() if picking.again else on_their_way(session, publication_id)
    pool = [one for one in _candidates(session, publication_id, picking, day) if one.story.id not in taken]
    found = [one for one in pool if fits(one.content, picking, day)]
    languages = settings.publication.languages
    ready = [one for one in found if _is_ready(session, one, languages)]
    kept = sorted(ready, key=lambda one: (when(one.content) or date.max, one.story.id))[: picking.most]
    return Picked(
        choices=tuple(StoryChoice(story_id=one.story.id, revision=one.story.head) for one in kept),
        titles=tuple({language: text.title for language, text in one.content.texts.items()} for one in kept),
        unready=len(found) - len(ready),
    )


def on_their_way(session: Session, publication_id: int) -> frozenset[int]:
    """Return the stories of issues that readers are about to get, or that a clock has just made."""
    made = select(SeriesRun.issue_id).where(SeriesRun.state == "made")
    coming = or_(Issue.state.in_(COMING), and_(Issue.state == "draft", Issue.id.in_(made)))
    found = session.scalars(select(Issue).where(Issue.publication_id == publication_id, Issue.kind == "issue", coming))
    return frozenset(choice.story_id for issue in found for choice in issues.content(session, issue).stories)


def fits(content: AnyStory, picking: Picking, day: date) -> bool:
    """Return whether a story is of the kind, topic and time that the series takes on that day."""
    if picking.kinds and content.kind not in picking.kinds:
        return False
    if picking.topics and content.topic not in picking.topics:
        return False
    if picking.countries and not set(picking.countries).intersection(content.countries):
        return False
    if isinstance(content, Fair) and content.status in ("postponed", "cancelled"):
        return False
    if views.ends_before_it_begins(content):
        return False
    return _is_in_time(content, picking, day)


def when(content: AnyStory) -> date | None:
    """Return the date by which a story is put in order: when it begins, or ends to be applied for."""
    if isinstance(content, Fair | Food | Notice):
        return content.starts
    return content.deadline if isinstance(content, Industry) else None


def _is_in_time(content: AnyStory, picking: Picking, day: date) -> bool:
    last = (content.ends or content.starts) if isinstance(content, Fair | Food) else when(content)
    if last is not None and last < day:
        return False
    if picking.within_days is None:
        return True
    first = when(content)
    return first is not None and first <= day + timedelta(days=picking.within_days)


def _candidates(session: Session, publication_id: int, picking: Picking, day: date) -> list[_Found]:
    states = ("accepted", "used") if picking.again else ("accepted",)
    wanted = select(Story).where(Story.publication_id == publication_id, Story.state.in_(states))
    if picking.kinds:
        wanted = wanted.where(Story.kind.in_(picking.kinds))
    rows = session.scalars(wanted.order_by(Story.id)).all()
    recent = [row for row in rows if row.state == "accepted" or row.created_at.date() >= day - LONG_AGO]
    return [_Found(row, stories.content(session, row.id, row.head)) for row in recent]


def _is_ready(session: Session, found: _Found, languages: tuple[str, ...]) -> bool:
    standing = stories.standing(session, found.story, languages)
    return bool(standing) and all(text.state == "ready" for text in standing.values())
