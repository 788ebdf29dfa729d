"""A banner on top of a mail that is not a reader's: the mail below it stays as it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from newsletter import words
from newsletter.config import Settings
from newsletter.rendering import environment as environments
from newsletter.rendering import filling, plain

_BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class Marked:
    """A mail with its banner."""

    language: str
    subject: str
    html: str
    text: str


def mark(
    settings: Settings,
    kind: str,
    language: str,
    *,
    subject: str,
    html: str,
    text: str,
    enclosed: Sequence[str] = (),
    **values: object,
) -> Marked:
    """Return the mail marked as `kind` ("test"): in the subject, above the text, and as the first words of the HTML.

    The sentences are `KIND.subject`, `KIND.heading` and `KIND.text` of the words "mail", filled with `values`,
    and `KIND.enclosed` where readers get files along.
    """
    spoken = language if language in settings.publication.languages else settings.publication.languages[0]
    say = words.load("mail", spoken)
    sentences = [say(f"{kind}.text", **values)]
    if enclosed:
        sentences.append(say(f"{kind}.enclosed", names=say(f"{kind}.comma").join(enclosed)))
    names = {
        **environments.frame(settings, spoken),
        "heading": say(f"{kind}.heading", **values),
        "sentence": ("" if spoken == "ja" else " ").join(sentences),
    }
    templates = environments.create()
    strip = filling.fill(templates, "mail/banner.html.j2", names)
    above = plain.tidy(filling.fill(templates, "mail/banner.txt.j2", names))
    return Marked(
        language=spoken,
        subject=say(f"{kind}.subject", subject=subject, **values),
        html=_BODY.sub(lambda body: body[0] + strip, html, count=1),
        text=f"{above}\n\n{text}",
    )
