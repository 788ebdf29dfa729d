"""The text of the post that announces an issue."""

import re

from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsletter import words
from newsletter.config import Settings
from newsletter.errors import PostTooLongError
from newsletter.rendering import filling
from newsletter.rendering.views import IssueView

MAX_CHARACTERS = 5_000
"""Code points. Facebook is said to take 63,206; nobody reads as many."""
MAX_HASHTAGS = 2


def render(environment: ImmutableSandboxedEnvironment, settings: Settings, view: IssueView) -> str:
    """Return the text for `view`: its editor's own, or one made by social/announcement.txt.j2.

    It always holds the address of the issue's page and is never cut: PostTooLongError where it has
    more than `MAX_CHARACTERS`, TemplateError where the template has a mistake.
    """
    say = words.load("social", view.language)
    own = view.text.post.strip()
    text = own or _from_template(environment, settings, view, say)
    if view.page_url not in text:
        text = f"{text}\n\n{say('post.read', url=view.page_url)}"
    if len(text) > MAX_CHARACTERS:
        message = (
            f"The post in {view.language!r} has {len(text):,} characters; at most {MAX_CHARACTERS:,} are allowed. "
            "Shorten the titles, or write the text of the post yourself."
        )
        raise PostTooLongError(message)
    return text


def hashtags(view: IssueView) -> list[str]:
    """Return the hashtags of the first topics: #TravelFairs, #旅行フェア; words run together, each with a capital."""
    titles = [section.title for section in view.sections if section.key]
    return [f"#{_run_together(title)}" for title in titles[:MAX_HASHTAGS]]


def _from_template(
    environment: ImmutableSandboxedEnvironment, settings: Settings, view: IssueView, say: words.Words
) -> str:
    names = {
        "view": view,
        "language": view.language,
        "office": settings.office,
        "publication": settings.publication,
        "say": say,
        "hashtags": hashtags(view),
    }
    return _tidy(filling.fill(environment, "social/announcement.txt.j2", names))


def _tidy(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def _run_together(title: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in re.findall(r"\w+", title))
