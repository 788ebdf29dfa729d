"""Outlines to start from: TOML files in `templates/outlines/`, to which an operator may add."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Literal

from markupsafe import escape
from pydantic import Field, ValidationError
from sqlalchemy.orm import Session

from newsletter import paths, stories
from newsletter.config import Settings
from newsletter.content import Audience, Content, IssueContent, IssueText, Language, Line, StoryChoice
from newsletter.errors import NotFoundError, TemplateError
from newsletter.issues import drafts
from newsletter.models import Issue, Story


class Beginning(Content):
    """What an outline says in one language; the introduction is plain paragraphs with blank lines between."""

    title: Line  # of the outline itself, as editors see it
    lead: Line = ""
    subject: Line = ""
    preheader: Line = ""
    introduction: str = ""
    post: str = ""


class Takes(Content):
    """Which accepted stories of the pool are chosen at once; what is empty does not restrict."""

    kinds: tuple[Literal["fair", "food", "industry", "report", "notice"], ...] = ()
    topics: tuple[str, ...] = ()


class Outline(Content):
    """One way to begin an issue; `key` is the name of its file."""

    key: str
    order: int = 100  # among the others, smaller first
    sections: tuple[str, ...] = ()
    audience: Audience = Audience()
    takes: Takes | None = None  # none: the editor chooses
    texts: dict[Language, Beginning] = Field(min_length=1)

    def told(self, language: str) -> Beginning:
        """Return the words of a language, else of the first the outline has."""
        return self.texts.get(language) or next(iter(self.texts.values()))


def outlines(folder: Path | None = None) -> list[Outline]:
    """Return every outline in order; raise TemplateError, which names the file, for one with a mistake."""
    found = (folder or paths.bundled("templates") / "outlines").glob("*.toml")
    return sorted((_read(path) for path in found), key=lambda one: (one.order, one.key))


def outline(key: str, folder: Path | None = None) -> Outline:
    """Return the outline of that name; raise NotFoundError."""
    known = {one.key: one for one in outlines(folder)}
    if key not in known:
        message = f"There is no outline {key!r}. Known: {', '.join(known)}."
        raise NotFoundError(message)
    return known[key]


def begin(
    session: Session, settings: Settings, publication_id: int, outline: Outline, *, editor_id: int | None, now: datetime
) -> Issue:
    """Return a new draft of an outline, in every language of the publication, with the stories it takes."""
    spoken = settings.publication.languages
    content = IssueContent(
        texts={language: _text(outline.texts.get(language)) for language in spoken},
        stories=_taken(session, settings, publication_id, outline.takes),
        sections=outline.sections,
        audience=outline.audience,
    )
    return drafts.create(session, settings, publication_id, content, editor_id=editor_id, now=now)


def _read(path: Path) -> Outline:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        return Outline.model_validate({"key": path.stem, **values})
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        message = f"The outline {path.name} has a mistake. {'; '.join(problems)}."
        raise TemplateError(message) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"The outline {path.name} cannot be read: {error}."
        raise TemplateError(message) from error


def _text(told: Beginning | None) -> IssueText:
    if told is None:
        return IssueText(subject="")
    paragraphs = [" ".join(part.split()) for part in told.introduction.split("\n\n")]
    introduction = "".join(f"<p>{escape(part)}</p>" for part in paragraphs if part)
    return IssueText(subject=told.subject, preheader=told.preheader, introduction=introduction, post=told.post.strip())


def _taken(session: Session, settings: Settings, publication_id: int, takes: Takes | None) -> tuple[StoryChoice, ...]:
    """Return the accepted stories an outline takes, by topic in the order of the settings and then by age."""
    if takes is None:
        return ()
    places = {topic.key: place for place, topic in enumerate(settings.publication.topics)}
    fitting: list[tuple[int, Story]] = []
    for story in stories.pool(session, publication_id):
        topic = stories.content(session, story.id).topic or ""
        wanted = story.kind in (takes.kinds or (story.kind,)) and topic in (takes.topics or (topic,))
        if story.state == "accepted" and wanted:
            fitting.append((places.get(topic, len(places)), story))
    return tuple(
        StoryChoice(story_id=story.id, revision=story.head)
        for _, story in sorted(fitting, key=lambda pair: (pair[0], pair[1].id))
    )
