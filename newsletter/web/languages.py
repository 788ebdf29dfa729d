"""Which language a page speaks."""

from typing import Annotated

from fastapi import Depends, Request

from newsletter.errors import NotFoundError
from newsletter.web.context import Context


def preferred(header: str, offered: tuple[str, ...]) -> str:
    """Return the language of `offered` that an Accept-Language header likes best (RFC 9110 12.5.4), else the first."""
    wishes: dict[str, float] = {}
    for part in header.split(","):
        tag, _, weight = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        wishes[language] = max(_quality(weight), wishes.get(language, 0.0))
    best = max(offered, key=lambda language: wishes.get(language, 0.0))  # the first of equals
    return best if wishes.get(best) else offered[0]


def of(request: Request, context: Context, fallback: str = "") -> str:
    """Return the language of a page that has none in its address.

    The reader's `?lang=` wins, then the first segment of the path, then `fallback`
    (the subscriber's own), then what the browser prefers.
    """
    offered = context.settings.publication.languages
    first = request.url.path.removeprefix("/").partition("/")[0]
    for wish in (request.query_params.get("lang", ""), first, fallback):
        if wish in offered:
            return wish
    return preferred(request.headers.get("accept-language", ""), offered)


def switch(request: Request, context: Context, path: str = "") -> dict[str, str]:
    """Return the same page in every language, for a page that has none in its address."""
    return {each: f"{path or request.url.path}?lang={each}" for each in context.settings.publication.languages}


def with_default(pages: dict[str, str], spoken: tuple[str, ...]) -> dict[str, str]:
    """Return the addresses of a page by language, with the one for readers of any other language ("x-default")."""
    default = next((pages[language] for language in spoken if language in pages), None)
    return {**pages, "x-default": default} if default else pages


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def _in_path(request: Request, language: str) -> str:
    context: Context = request.app.state.context
    if language not in context.settings.publication.languages:
        raise NotFoundError
    return language


PathLanguage = Annotated[str, Depends(_in_path)]
"""The `{language}` of a route's path; one that the publication does not speak is not found."""
