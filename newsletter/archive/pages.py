"""The article of an issue's public page, rendered once when the issue is frozen."""

from dataclasses import dataclass
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from newsletter import urls
from newsletter.archive import cards, hours, telling
from newsletter.config import Settings
from newsletter.content import Fair
from newsletter.models import Image
from newsletter.rendering import filling
from newsletter.rendering.environment import frame
from newsletter.rendering.views import IssueView, StoryView

TEMPLATE = "web/article.html.j2"
_KILO, _MEGA = 1000, 1_000_000


@dataclass(frozen=True)
class Page:
    """What is kept of a public page; `card` is its picture in link previews, not stored yet."""

    title: str
    description: str
    body: str
    card: Image

    @property
    def image_hash(self) -> str:
        """Return the name of the picture."""
        return self.card.hash


def render(environment: Environment, settings: Settings, view: IssueView) -> Page:
    """Return the page of an issue in one language; raises TemplateError for a mistake in the template.

    The body is HTML that stands under every host and port: pictures and our own pages are
    named by path, and of the editors' HTML only the small subset is left.
    """
    names = frame(settings, view.language) | story_names(settings, view.language)
    body = filling.fill(environment, TEMPLATE, names | {"view": view})
    return Page(view.text.subject, _description(view), body, cards.draw(settings, view))


def story_names(settings: Settings, language: str) -> dict[str, Any]:
    """Return what `web/kinds.html.j2` needs beside the frame to tell a story; all addresses are paths."""

    def page_of(story: StoryView) -> str:
        words = telling.address(settings, story.content)
        return urls.path(urls.story_page(settings, language, story.id, words))

    def calendar_of(story: StoryView) -> str:
        content = story.content
        if not isinstance(content, Fair) or content.status in {"postponed", "cancelled"}:
            return ""
        known = content.starts or content.ends
        return urls.path(urls.story_calendar(settings, language, story.id)) if known else ""

    return {
        "image": lambda image_hash: urls.path(urls.image(settings, image_hash)),
        "flyer": lambda flyer_hash: urls.path(urls.flyer(settings, flyer_hash)),
        "page_of": page_of,
        "calendar_of": calendar_of,
        "hours": lambda fair: hours.told(fair, settings.office.zone, language),
        "size": size,
    }


def size(count: int) -> str:
    """Return a number of bytes as "PDF, 1.4 MB"."""
    written = f"{count / _MEGA:.1f} MB" if count >= _MEGA else f"{max(1, round(count / _KILO))} KB"
    return f"PDF, {written}"


def _description(view: IssueView) -> str:
    """Return what link previews say: the preheader, or the introduction, or the titles."""
    introduction = " ".join(Markup(view.text.introduction).striptags().split())  # noqa: S704 - its tags are removed
    return view.text.preheader or introduction or " / ".join(story.text.title for story in view.stories)
