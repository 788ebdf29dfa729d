"""What every check is given: the issue as read, its words as plain text, and the editions it would make."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from babel import Locale
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import issues, words
from newsletter.choosing import Choice
from newsletter.config import Settings
from newsletter.content import IssueContent, IssueText, Text
from newsletter.errors import InvalidContentError, TemplateError
from newsletter.findings import Finding
from newsletter.issues import views
from newsletter.issues.views import Chosen
from newsletter.models import Image, Issue
from newsletter.rendering import editions, environment
from newsletter.rendering.editions import Rendered
from newsletter.words import Words
from subscribers import audience, bits
from subscribers.audience import Group
from subscribers.bits import Bits

HTML_FIELDS = ("body", "introduction")
_BLOCK_END = re.compile(r"</(?:p|li|ul|ol)>|<br ?/?>")


@dataclass(frozen=True)
class Place:
    """Where a finding stands: a field of a story, or of the issue."""

    story_id: int | None = None
    field: str = ""


ISSUE = Place()


@dataclass(frozen=True)
class Material:
    """One revision of an issue and all that is known around it."""

    settings: Settings
    issue: Issue
    content: IssueContent
    stories: tuple[Chosen, ...]
    choices: tuple[Choice, ...] | None  # none where a story names an unknown topic or country
    groups: tuple[Group, ...]
    images: frozenset[str]  # hashes of stored pictures
    say: Words  # the words of findings

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages in which everything must be said."""
        return self.settings.publication.languages

    @cached_property
    def day(self) -> date:
        """Return the day on which the issue is sent."""
        return views.day(self.settings, self.issue, self.content)

    @cached_property
    def complete(self) -> tuple[str, ...]:
        """Return the languages that can be rendered: all have words, and no event ends before it begins."""
        said = [self.content.texts, *(story.texts for _, story in self.stories)]
        if any(views.ends_before_it_begins(story) for _, story in self.stories):
            return ()
        return tuple(language for language in self.languages if all(language in texts for texts in said))

    @cached_property
    def editions(self) -> dict[str, Rendered | TemplateError]:
        """Return the full edition in each complete language, or what is wrong with its template."""
        return {language: self._edition(language) for language in self.complete}

    def _edition(self, language: str) -> Rendered | TemplateError:
        view = views.compose(self.settings, self.issue, self.content, self.stories, language)
        try:
            return editions.render(environment.create(), self.settings, view)
        except TemplateError as error:
            return error

    def error(
        self, name: str, language: str = "", place: Place = ISSUE, *, about: object = "", **values: object
    ) -> Finding:
        """Return an error; `name` is "check.what", the sentences are `name` and `name`_mend.

        `about` tells findings of one name and place apart: the words that are wrong, as they stand.
        """
        return self._finding("error", name, language, place, values, about=about)

    def warning(
        self, name: str, language: str = "", place: Place = ISSUE, *, about: object = "", **values: object
    ) -> Finding:
        """Return a warning; as `error`. A tick holds as long as name, language, place and `about` stay the same."""
        return self._finding("warning", name, language, place, values, about=about)

    def _finding(
        self,
        severity: Literal["error", "warning"],
        name: str,
        language: str,
        place: Place,
        values: dict[str, object],
        *,
        about: object,
    ) -> Finding:
        known = values | ({"language": self.spoken(language)} if language else {})
        return Finding(
            check=name.split(".", maxsplit=1)[0],
            severity=severity,
            language=language,
            place=self._said(place),
            message=self.say(name, **known),
            mend=self.say(f"{name}_mend", **known),
            fingerprint=_fingerprint(name, language, place.story_id or "", place.field, about),
            story_id=place.story_id,
        )

    def spoken(self, language: str) -> str:
        """Return the name of a language as findings call it."""
        return str(Locale(language).get_display_name(self.say.language))

    def field(self, name: str) -> str:
        """Return the name of a field as findings call it."""
        return self.say(f"field.{name}")

    def _said(self, place: Place) -> str:
        """Return a story's title or "the issue", and the field's name; of the issue the field alone."""
        if place.story_id is None:
            return self.field(place.field) if place.field else self.say("place.issue")
        title = self._titles.get(place.story_id, "")
        return self.say("place.field", title=title, field=self.field(place.field)) if place.field else title

    @cached_property
    def _titles(self) -> dict[int, str]:
        told = {}
        for story_id, story in self.stories:
            texts = story.texts
            text = texts.get(self.say.language) or next(iter(texts.values()), None)
            told[story_id] = text.title if text else ""
        return told


def _fingerprint(*parts: object) -> str:
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()


def gather(session: Session, settings: Settings, issue: Issue, *, speak: str) -> Material:
    """Read everything the checks need; `speak` falls back to English where findings have no words in it."""
    content = issues.content(session, issue)
    stories = tuple(views.chosen(session, content))
    spoken = speak if speak in words.languages("checks") else "en"
    return Material(
        settings=settings,
        issue=issue,
        content=content,
        stories=stories,
        choices=_choices(stories, bits.load(session, issue.publication_id)),
        groups=tuple(audience.groups(session, issue.publication_id)),
        images=frozenset(session.scalars(select(Image.hash))),
        say=words.load("checks", spoken),
    )


def _choices(stories: Sequence[Chosen], known: Bits) -> tuple[Choice, ...] | None:
    try:
        return tuple(views.weigh(stories, known))
    except InvalidContentError:
        return None


def fields(text: Text | IssueText) -> Iterator[tuple[str, str]]:
    """Yield the name and the plain text of every filled field."""
    for name in type(text).model_fields:
        value = getattr(text, name)
        said = plain(value) if name in HTML_FIELDS else _line(value)
        if said:
            yield name, said


def plain(html: str) -> str:
    """Return the words of an HTML text on one line."""
    return str(Markup(_BLOCK_END.sub(" ", html)).striptags())  # noqa: S704 - only to take its tags away


def _line(value: str | Sequence[str]) -> str:
    return value.strip() if isinstance(value, str) else ", ".join(value)
