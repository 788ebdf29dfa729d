"""Reading everything the checks need, in one go and without the network."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsletter import issues, stories, words
from newsletter.checks import before
from newsletter.checks.links import collecting, keeping
from newsletter.checks.material import Material
from newsletter.choosing import Choice
from newsletter.config import Settings
from newsletter.content import IssueContent
from newsletter.errors import InvalidContentError
from newsletter.issues import views
from newsletter.issues.views import Chosen
from newsletter.models import Image, Issue, Story
from newsletter.stories import TextStanding
from subscribers import audience, bits
from subscribers import languages as wishes
from subscribers.audience import Among, Group
from subscribers.bits import Bits


def gather(session: Session, settings: Settings, issue: Issue, *, speak: str) -> Material:
    """Read everything the checks need; `speak` falls back to English where findings have no words in it."""
    content = issues.content(session, issue)
    held = tuple(views.chosen(session, content))
    told = _stories(session, held)
    spoken = speak if speak in words.languages("checks") else "en"
    return Material(
        settings=settings,
        issue=issue,
        content=content,
        stories=held,
        choices=_choices(held, bits.load(session, issue.publication_id), settings.publication.languages),
        groups=_groups(session, settings, issue, content),
        pictures=_pictures(session, held),
        standings=_standings(session, told, settings.publication.languages),
        heads={story.id: story.head for story in told},
        earlier=before.told(session, issue, content),
        before=before.reached(session, issue, content),
        probes=keeping.known(session, collecting.targets(content, held)),
        say=words.load("checks", spoken),
    )


def _groups(session: Session, settings: Settings, issue: Issue, content: IssueContent) -> tuple[Group, ...]:
    """Return the readers the issue is for, each with the languages in which they get it."""
    among = Among(**content.audience.model_dump())
    spoken = among.languages or settings.publication.languages
    found = audience.groups(session, issue.publication_id, among)
    return tuple(replace(group, language=wishes.within(group.language, spoken)) for group in found)


def _choices(held: Sequence[Chosen], known: Bits, languages: Sequence[str]) -> dict[str, list[Choice]] | None:
    try:
        return {wish: views.weigh(held, known, wish) for wish in wishes.wishes(languages)}
    except InvalidContentError:
        return None


def _stories(session: Session, held: Sequence[Chosen]) -> list[Story]:
    wanted = [story_id for story_id, _ in held]
    return list(session.scalars(select(Story).where(Story.id.in_(wanted))))


def _standings(
    session: Session, told: Sequence[Story], languages: Sequence[str]
) -> Mapping[int, Mapping[str, TextStanding]]:
    return {story.id: stories.standing(session, story, languages) for story in told}


def _pictures(session: Session, held: Sequence[Chosen]) -> dict[str, int]:
    wanted = [story.picture.hash for _, story in held if story.picture]
    sizes = select(Image.hash, func.length(Image.content)).where(Image.hash.in_(wanted))
    return dict(session.execute(sizes).all())
