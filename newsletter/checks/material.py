"""What every check is given: the issue as read, the editions it would make, and how to say what is wrong."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from babel import Locale

from newsletter.checks.document import Document
from newsletter.checks.place import ISSUE, Place
from newsletter.choosing import Choice, stories_for
from newsletter.config import Settings
from newsletter.content import IssueContent, Text
from newsletter.errors import TemplateError
from newsletter.findings import Finding
from newsletter.issues import views
from newsletter.issues.views import Chosen
from newsletter.models import Issue, Probe
from newsletter.rendering import editions, environment
from newsletter.rendering.editions import Rendered
from newsletter.rendering.views import AnyStory, IssueView, paired
from newsletter.stories import TextStanding
from newsletter.words import Words
from subscribers import languages as wishes
from subscribers.audience import Group


@dataclass(frozen=True)
class Told:
    """An earlier issue that told a story."""

    number: int
    revision: int  # of the story


@dataclass(frozen=True)
class Reached:
    """How many readers got the issue before."""

    number: int
    readers: int


@dataclass(frozen=True)
class Material:
    """One revision of an issue and all that is known around it."""

    settings: Settings
    issue: Issue
    content: IssueContent
    stories: tuple[Chosen, ...]
    choices: Mapping[str, Sequence[Choice]] | None  # by wish; none where a story names an unknown topic or country
    groups: tuple[Group, ...]
    pictures: Mapping[str, int]  # bytes of the stored pictures of its stories, by hash
    standings: Mapping[int, Mapping[str, TextStanding]]  # how far each language of a story is
    heads: Mapping[int, int]  # the newest revision of each story
    earlier: Mapping[int, Told]  # stories that an issue before has told
    before: Reached | None  # the issue before, where it was for the same audience
    probes: Mapping[str, Probe]  # what was found at links, by target
    say: Words  # the words of findings

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages in which everything must be said."""
        return self.settings.publication.languages

    def told_in(self, story: AnyStory) -> tuple[str, ...]:
        """Return the languages in which a story must be said."""
        return tuple(language for language in self.languages if views.told_in(story, language))

    def texts_of(self, story: AnyStory) -> Mapping[str, Text]:
        """Return the words of a story in the languages in which readers get it."""
        return {language: text for language, text in story.texts.items() if views.told_in(story, language)}

    def day_in(self, language: str) -> date:
        """Return the day printed in a language."""
        return views.day(self.settings, self.issue, self.content, language)

    @cached_property
    def day(self) -> date:
        """Return the day on which the first language is sent."""
        return min((self.day_in(language) for language in self.languages), default=self.day_in(""))

    @cached_property
    def last_day(self) -> date:
        """Return the day on which the last language is sent."""
        return max((self.day_in(language) for language in self.languages), default=self.day_in(""))

    @cached_property
    def complete(self) -> tuple[str, ...]:
        """Return the languages that can be rendered: all have words, and no event ends before it begins."""
        if any(views.ends_before_it_begins(story) for _, story in self.stories):
            return ()
        return tuple(language for language in self.languages if self._is_said(language))

    @cached_property
    def views(self) -> dict[str, IssueView]:
        """Return the full issue as templates see it in each complete language, and two in one mail where readers ask.

        Two languages in one mail are long, and hardly anybody chooses everything in both: of those it is the
        largest that occurs. The keys are wishes as `subscribers.languages` writes them: "en", "en+ja".
        """
        alone = {language: self._view(language, self.stories) for language in self.complete}
        asked = dict.fromkeys(group.language for group in self.groups if len(wishes.of(group.language)) > 1)
        largest = {wish: self._largest(wish) for wish in asked if all(one in alone for one in wishes.of(wish))}
        return alone | {
            wish: paired(self._view(one, held) for one in wishes.of(wish)) for wish, held in largest.items() if held
        }

    def _view(self, language: str, held: Sequence[Chosen]) -> IssueView:
        return views.compose(self.settings, self.issue, self.content, held, language)

    def _largest(self, wish: str) -> list[Chosen]:
        """Return the most stories that a reader of `wish` gets."""
        choices = (self.choices or {}).get(wish, ())
        chosen = (
            stories_for(choices, group.topics, group.interests) for group in self.groups if group.language == wish
        )
        most = max(chosen, key=len, default=())
        return [pair for pair in self.stories if pair[0] in most]

    @cached_property
    def editions(self) -> dict[str, Rendered | TemplateError]:
        """Return the mail of each of `views`, or what is wrong with its template."""
        return {wish: self._edition(view) for wish, view in self.views.items()}

    @cached_property
    def documents(self) -> dict[str, Document]:
        """Return the HTML of each mail, read; dots stand where a reader's own words will."""
        return {wish: _document(one) for wish, one in self.editions.items() if isinstance(one, Rendered)}

    def _is_said(self, language: str) -> bool:
        told = [story for _, story in self.stories if views.told_in(story, language)]
        return language in self.content.texts and all(language in story.texts for story in told)

    def _edition(self, view: IssueView) -> Rendered | TemplateError:
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
        """Return the name of a language, or of two in one mail, as findings call it."""
        names = [Locale(one).get_display_name(self.say.language) for one in wishes.of(language)]
        return self.say("place.both", first=names[0], second=names[-1]) if len(names) > 1 else str(names[0])

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
            titles = {language: text.title for language, text in story.texts.items() if text.title.strip()}
            first = next(iter(titles.values()), "") or self.say("place.untitled")
            told[story_id] = titles.get(self.say.language, first)
        return told


def _document(edition: Rendered) -> Document:
    html = edition.html
    for placeholder in edition.fields.values():
        html = html.replace(placeholder, "…")
    return Document(html)


def _fingerprint(*parts: object) -> str:
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()
