"""The small HTML subset of story bodies, and links found in plain lines."""

import re

import nh3
from markupsafe import Markup, escape

TAGS = frozenset({"p", "strong", "em", "a", "ul", "ol", "li", "br"})
_SCHEMES = {"http", "https", "mailto"}
_DEAD = frozenset({"script", "style", "title", "textarea", "iframe", "noscript", "template"})
"""Elements whose content is not text and goes with them."""

_LINK = re.compile(
    r"(?P<url>https?://[!-;=?-~]+[0-9A-Za-z/=#&_~-])"
    r"|(?P<address>[0-9A-Za-z][0-9A-Za-z._%+-]*@[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*\.[A-Za-z]{2,})"
)
"""ASCII only, so that Japanese text and punctuation around an address end it."""


def clean(html: str) -> Markup:
    """Return `html` reduced to the subset: paragraphs, emphasis, links to web and mail, lists and line breaks.

    Anything else loses its tags and keeps its words; scripts, styles and drawings go entirely.
    """
    return Markup(  # noqa: S704 - this is the sanitised result
        nh3.clean(
            html,
            tags=set(TAGS),
            clean_content_tags=set(_DEAD),
            attributes={"a": {"href"}},
            url_schemes=_SCHEMES,
            link_rel=None,
        )
    )


def linked(text: str) -> Markup:
    """Return a plain line escaped, with its web and mail addresses made into links."""
    parts: list[Markup] = []
    end = 0
    for match in _LINK.finditer(text):
        shown = escape(match.group())
        href = escape("mailto:") + shown if match["address"] else shown
        parts += [escape(text[end : match.start()]), Markup('<a href="{}">{}</a>').format(href, shown)]
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])
