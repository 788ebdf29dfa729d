"""What templates see: one issue in one language, with the stories of one edition."""

from collections.abc import Sequence
from dataclasses import dataclass
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

    @property
    def text(self) -> Text | FairText | FoodText | IndustryText:
        """Return the words in this language; raise KeyError where they are missing."""
        return self.content.texts[self.language]

    @property
    def anchor(self) -> str:
        """Return the id of its heading in pages and mails."""
        return f"story-{self.id}"


@dataclass(frozen=True)
class Section:
    """The stories of one topic; `key` is empty for notices to everybody."""

    key: str
    title: str
    colour: str  # a colour name of `Palette`: fairs, food, industry or notice
    stories: tuple[StoryView, ...]


@dataclass(frozen=True)
class IssueView:
    """One issue in one language, as one edition holds it."""

    number: int
    slug: str
    language: str
    date: date  # the day it is sent, in the office's zone
    text: IssueText
    sections: tuple[Section, ...]
    page_url: str
    other_pages: dict[str, str]  # the same page in the other languages

    @property
    def stories(self) -> tuple[StoryView, ...]:
        """Return all stories, in the order they are read."""
        return tuple(story for section in self.sections for story in section.stories)

    @property
    def sample(self) -> bool:
        """Return whether any story's dates are made up."""
        return any(story.content.sample for story in self.stories)


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
