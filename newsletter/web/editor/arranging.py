"""What an issue holds as it is being written: its sections and stories, and what waits in the pool."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from newsletter import stories
from newsletter.config import Settings
from newsletter.content import StoryChoice
from newsletter.errors import NotFoundError
from newsletter.rendering.views import AnyStory
from newsletter.web.editor.composing import Form

POOL = 100
"""Stories of the pool that are offered; more than that wait for nobody."""


@dataclass(frozen=True)
class Told:
    """A story as the page names it."""

    id: int
    revision: int
    newest: int
    kind: str
    titles: dict[str, str]
    only: str  # the language it is told in alone, or empty
    topic: str
    unready: dict[str, str]  # the state of each language that is missing or out of date


@dataclass(frozen=True)
class Section:
    """The stories of one topic, in order."""

    key: str  # empty for notices to everybody
    title: str
    colour: str
    stories: list[Told]


def sections(session: Session, settings: Settings, form: Form, *, language: str) -> list[Section]:
    """Return the chosen stories as readers will find them: by topic, in the order of this issue."""
    held = [told for choice in form.stories if (told := _chosen(session, settings, choice))]
    topics = {topic.key: topic for topic in settings.publication.topics}
    return [
        Section(
            key,
            topics[key].title.get(language, key) if key in topics else "",
            topics[key].colour if key in topics else "notice",
            [story for story in held if story.topic == key],
        )
        for key in in_order(form.sections, [*topics, ""], {story.topic for story in held})
    ]


def in_order(chosen: Sequence[str], usual: Sequence[str], held: Iterable[str]) -> list[str]:
    """Return the topics that have stories: first as the issue orders them, then as the settings do."""
    names = set(held)
    return [key for key in dict.fromkeys((*chosen, *usual)) if key in names]


def pool(session: Session, settings: Settings, publication_id: int, form: Form) -> list[Told]:
    """Return the accepted stories that the form has not chosen yet, newest first."""
    spoken = settings.publication.languages
    chosen = {choice.story_id for choice in form.stories}
    entries = stories.entries(session, publication_id, spoken, states=("accepted",), limit=POOL)
    return [
        _told(entry.story.id, entry.story.head, entry.story.head, entry.content, _unready(entry.standing))
        for entry in entries
        if entry.story.id not in chosen
    ]


def newest(session: Session, form: Form, story_id: int) -> tuple[StoryChoice, ...]:
    """Return the form's stories with `story_id` at its newest revision, added at the end if it was not there."""
    choice = StoryChoice(story_id=story_id, revision=stories.get(session, story_id).head)
    others = [one for one in form.stories if one.story_id != story_id]
    if len(others) == len(form.stories):
        return (*others, choice)
    return tuple(choice if one.story_id == story_id else one for one in form.stories)


def moved(form: Form, section: Section, story_id: int, step: int) -> tuple[StoryChoice, ...]:
    """Return the form's stories with one of them a step further up (-1) or down (1) in its section."""
    ids = [story.id for story in section.stories]
    target = ids.index(story_id) + step
    if not 0 <= target < len(ids):
        return form.stories
    other = ids[target]
    by_id = {choice.story_id: choice for choice in form.stories}
    swap = {story_id: by_id[other], other: by_id[story_id]}
    return tuple(swap.get(choice.story_id, choice) for choice in form.stories)


def shifted(held: Sequence[Section], key: str, step: int) -> tuple[str, ...]:
    """Return the order of the sections with one of them a step further up or down."""
    keys = [section.key for section in held]
    place = keys.index(key) if key in keys else -1
    if place >= 0 and 0 <= place + step < len(keys):
        keys[place], keys[place + step] = keys[place + step], keys[place]
    return tuple(keys)


def _chosen(session: Session, settings: Settings, choice: StoryChoice) -> Told | None:
    """Return a chosen story; None for one that is not there, as a forged form may name."""
    try:
        story = stories.get(session, choice.story_id)
        content = stories.content(session, story.id, choice.revision)
    except NotFoundError:
        return None
    standing = stories.standing(session, story, settings.publication.languages)
    return _told(story.id, choice.revision, story.head, content, _unready(standing))


def _told(story_id: int, revision: int, head: int, content: AnyStory, unready: dict[str, str]) -> Told:
    return Told(
        id=story_id,
        revision=revision,
        newest=head,
        kind=content.kind,
        titles={language: text.title for language, text in content.texts.items() if text.title},
        only=content.only or "",
        topic=content.topic or "",
        unready=unready,
    )


def _unready(standing: dict[str, stories.TextStanding]) -> dict[str, str]:
    return {language: one.state for language, one in standing.items() if one.state != "ready"}
