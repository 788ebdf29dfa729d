"""One edition: an issue in one language with one set of stories, as HTML and text with places for a reader's words."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsletter import words
from newsletter.config import Settings
from newsletter.message import fields
from newsletter.rendering import environment as environments
from newsletter.rendering import filling, inlining, plain
from newsletter.rendering.views import IssueView


@dataclass(frozen=True)
class Rendered:
    """What is frozen of an edition; `fields` maps each name of `message.fields.NAMES` to its placeholder."""

    subject: str
    html: str
    text: str
    fields: dict[str, str]


def render(environment: ImmutableSandboxedEnvironment, settings: Settings, view: IssueView) -> Rendered:
    """Return the edition of `view`, made by mail/issue.html.j2 and mail/issue.txt.j2.

    A placeholder stands as plain text or as the whole of a link's address; substituting it is all a reader's
    copy needs. Raises TemplateError with file and line where a template has a mistake.
    """
    placeholders = fields.placeholders()
    names = {
        **environments.frame(settings, view.language),
        "says": {language: words.load("mail", language) for language in settings.publication.languages},
        "tongues": view.languages[1:],
        "view": view,
        "reader": placeholders,
    }
    html = _inlined(filling.fill(environment, "mail/issue.html.j2", names), placeholders)
    text = plain.tidy(filling.fill(environment, "mail/issue.txt.j2", names))
    return Rendered(subject=view.text.subject, html=html, text=text, fields=placeholders)


def _inlined(html: str, placeholders: Mapping[str, str]) -> str:
    """Return the document inlined, with its placeholders.

    An edition is rendered for its checks, for its previews and each time it is frozen. Only the random
    placeholders differ, so the document is inlined with others in their places, and kept.
    """
    others = {placeholder: f"zqkept{name.replace('_', '')}qz" for name, placeholder in placeholders.items()}
    if any(other in html for other in others.values()):  # an editor's words, which must not become a placeholder
        return inlining.inline(html)
    kept = _kept(_exchanged(html, others))
    return _exchanged(kept, {other: placeholder for placeholder, other in others.items()})


@functools.lru_cache(maxsize=32)
def _kept(html: str) -> str:
    return inlining.inline(html)


def _exchanged(text: str, others: Mapping[str, str]) -> str:
    for one, other in others.items():
        text = text.replace(one, other)
    return text
