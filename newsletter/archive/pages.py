"""The article of an issue's public page, rendered once when the issue is frozen."""

from dataclasses import dataclass

from jinja2 import Environment
from markupsafe import Markup

from newsletter import urls
from newsletter.config import Settings
from newsletter.rendering.environment import frame
from newsletter.rendering.views import IssueView

TEMPLATE = "web/article.html.j2"


@dataclass(frozen=True)
class Page:
    """What is kept of a public page; `image_hash` is its picture in link previews."""

    title: str
    description: str
    body: str
    image_hash: str | None = None


def render(environment: Environment, settings: Settings, view: IssueView) -> Page:
    """Return the page of an issue in one language; raises TemplateError for a missing sentence.

    The body is HTML that stands under every host and port: pictures and our own pages are
    named by path, and of the editors' HTML only the small subset is left.
    """
    body = environment.get_template(TEMPLATE).render(
        **frame(settings, view.language),
        view=view,
        image=lambda image_hash: urls.path(urls.image(settings, image_hash)),
    )
    return Page(view.text.subject, _description(view), body, _picture(view))


def _description(view: IssueView) -> str:
    """Return what link previews say: the preheader, or the introduction, or the titles."""
    introduction = " ".join(Markup(view.text.introduction).striptags().split())  # noqa: S704 - its tags are removed
    return view.text.preheader or introduction or " / ".join(story.text.title for story in view.stories)


def _picture(view: IssueView) -> str | None:
    pictures = (story.content.picture for story in view.stories)
    return next((picture.hash for picture in pictures if picture), None)
