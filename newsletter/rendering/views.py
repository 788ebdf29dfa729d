"""What templates see: one issue in one language, or in two for readers of both, with the stories of one edition."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from newsletter import urls
from newsletter.config import Settings
from newsletter.content import Fair, FairText, Food, FoodText, Industry, IndustryText, IssueText, Notice, Report, Text

AnyStory = Fair | Food | Industry | Report | Notice


@dataclass(frozen=True)
class StoryView:
    """One story in one language."""

    id: int
    language: str
    content: AnyStory
    twin: bool = False  # told before, in the other language of the same mail

    @property
    def text(self) -> Text | FairText | FoodText | IndustryText:
        """Return the words in this language; raise KeyError where they are missing."""
        return self.content.texts[self.language]

    @property
    def anchor(self) -> str:
        """Return the id of its heading in pages and mails; in the second language of a mail it has another."""
        return f"story-{self.id}-{self.language}" if self.twin else f"story-{self.id}"


@dataclass(frozen=True)
class Section:
    """The stories of one topic; `key` is empty for notices to everybody."""

    key: str
    title: str
    colour: str  # a colour name of `Palette`: fairs, food, industry or notice
    stories: tuple[StoryView, ...]


@dataclass(frozen=True)
class IssueView:
    """One issue in one language, as one edition holds it; `second` is the same in the other, for readers of both.

    A layout draws one masthead, then everything between masthead and footer once for each of `parts`, with that
    part's own language, words, stories and contents list, then one footer. Of an issue in one language `parts` is
    the view itself, so the same loop serves both:

        {% for part in view.parts %}{% set language = part.language %} ... part.sections ... {% endfor %}

    A part never lacks stories: where all of them are told in one language only, there is one part.
    """

    number: int
    slug: str
    language: str
    date: date  # the day it is sent, in the office's zone
    text: IssueText
    sections: tuple[Section, ...]
    page_url: str
    other_pages: dict[str, str]  # the same page in the other languages
    second: "IssueView | None" = None
    kind: str = "issue"  # or correction, which is short and says what it corrects
    corrects: int | None = None  # the number of the issue that a correction is about

    @property
    def parts(self) -> "tuple[IssueView, ...]":
        """Return what is read one after the other: this language, then the second where there is one."""
        return (self,) if self.second is None else (replace(self, second=None), self.second)

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages of the parts, the leading one first."""
        return tuple(part.language for part in self.parts)

    @property
    def stories(self) -> tuple[StoryView, ...]:
        """Return all stories of this language, in the order they are read."""
        return tuple(story for section in self.sections for story in section.stories)

    @property
    def sample(self) -> bool:
        """Return whether any story's dates are made up."""
        return any(story.content.sample for part in self.parts for story in part.stories)


def issue_view(
    settings: Settings,
    *,
    number: int,
    slug: str,
    language: str,
    day: date,
    text: IssueText,
    stories: Sequence[tuple[int, AnyStory]],
) -> IssueView:
    """Return the view of an issue; `stories` are (id, content) in the issue's order, grouped here by topic.

    Sections follow the order of the topics in the settings; what has no topic comes last.
    """
    views = [StoryView(story_id, language, content) for story_id, content in stories]
    sections = [
        Section(topic.key, topic.title[language], topic.colour, chosen)
        for topic in settings.publication.topics
        if (chosen := tuple(view for view in views if view.content.topic == topic.key))
    ]
    rest = tuple(view for view in views if view.content.topic is None)
    if rest:
        sections.append(Section("", "", "notice", rest))
    others = [other for other in settings.publication.languages if other != language]
    return IssueView(
        number=number,
        slug=slug,
        language=language,
        date=day,
        text=text,
        sections=tuple(sections),
        page_url=urls.issue_page(settings, language, slug),
        other_pages={other: urls.issue_page(settings, other, slug) for other in others},
    )


def paired(views: Iterable[IssueView]) -> IssueView:
    """Return one view of an issue in one or two languages, the first leading; a language without stories is left out.

    Both carry the later day, for that is when readers of both get theirs.
    """
    told = list(views)
    filled = [view for view in told if view.stories] or told[:1]
    day = max(view.date for view in filled)
    lead, *rest = [replace(view, date=day) for view in filled]
    return replace(lead, second=_as_second(rest[0])) if rest else lead


def _as_second(view: IssueView) -> IssueView:
    sections = tuple(
        replace(section, stories=tuple(replace(story, twin=True) for story in section.stories))
        for section in view.sections
    )
    return replace(view, sections=sections)
