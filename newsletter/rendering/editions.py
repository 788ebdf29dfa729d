"""One edition: an issue in one language with one set of stories, as HTML and text with places for a reader's words."""

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
    html = inlining.inline(filling.fill(environment, "mail/issue.html.j2", names))
    text = plain.tidy(filling.fill(environment, "mail/issue.txt.j2", names))
    return Rendered(subject=view.text.subject, html=html, text=text, fields=placeholders)
