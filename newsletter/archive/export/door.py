"""The front door of the exported archive, which no program answers: a page that offers the languages."""

from newsletter import words
from newsletter.config import Settings
from newsletter.rendering import environment

TEMPLATE = "web/door.html.j2"


def page(settings: Settings) -> bytes:
    """Return the page."""
    language = settings.publication.languages[0]
    names = environment.frame(settings, language) | {
        "own_name": lambda each: words.load("reader", each)("language.own"),
    }
    return environment.create().get_template(TEMPLATE).render(names).encode()
