"""The links of an issue: those of its stories and those in its words, each with its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from newsletter.checks.place import Place
from newsletter.content import Fair, IssueContent
from newsletter.issues.views import Chosen

NOT_ASKED = ("mailto:", "tel:", "#")
"""What leads to a program or to a place in the same page."""


@dataclass(frozen=True)
class Link:
    """One address and where it stands."""

    target: str
    language: str  # empty: the same in every language
    place: Place


def links(content: IssueContent, stories: Sequence[Chosen]) -> Iterator[Link]:
    """Yield every link that leads to a page, in the order of the issue."""
    for language, text in content.texts.items():
        for target in _within(text.introduction):
            yield Link(target, language, Place(field="introduction"))
    for story_id, story in stories:
        if story.url:
            yield Link(story.url, "", Place(story_id, "url"))
        if isinstance(story, Fair) and story.map_url:
            yield Link(story.map_url, "", Place(story_id, "map_url"))
        for language, words in story.texts.items():
            for target in _within(words.body):
                yield Link(target, language, Place(story_id, "body"))


def targets(content: IssueContent, stories: Sequence[Chosen]) -> dict[str, None]:
    """Return the addresses, each once, in order."""
    return dict.fromkeys(link.target for link in links(content, stories))


def _within(html: str) -> list[str]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        target = (dict(attrs).get("href") or "").strip()
        if tag == "a" and target and not target.lower().startswith(NOT_ASKED):
            self.found.append(target)
