"""Pages from templates: what every template may use, and one function that answers with one."""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from newsletter import words
from newsletter.rendering import dates, environment, filling
from newsletter.web import caching
from newsletter.web.context import Context
from newsletter.web.links import Links

HTML = "text/html; charset=utf-8"
PRIVATE = "no-store"
"""Caching of a page that is one person's business; the default of every page."""


def page(
    request: Request, template: str, *, words_area: str, language: str, status: int = 200, **values: Any
) -> HTMLResponse:
    """Return an answer with `template` (as "web/subscribe.html.j2") in `language`.

    Templates see the names of `environment.frame` (`office`, `publication`, `say` and so on), `words`
    (the sentences of `words_area`), `links`, `alternates` (path by language, for the switch), `here` (the entry of the
    masthead that is marked), `own_name(language)`, `day(time)` in the office's zone, and `values`.
    """
    body = render(request, template, words_area=words_area, language=language, **values)
    return HTMLResponse(body, status, headers={"cache-control": PRIVATE, "content-language": language})


def shared(request: Request, template: str, *, language: str, **values: Any) -> Response:
    """Return an answer that is the same for everybody, with its tag, so that browsers and servers may keep it."""
    body = render(request, template, words_area="reader", language=language, **values)
    answer = caching.answer(request, body.encode(), media_type=HTML)
    answer.headers["content-language"] = language
    return answer


def render(request: Request, template: str, *, words_area: str, language: str, **values: Any) -> str:
    """Return the text of `template`, with the same names as `page`."""
    context: Context = request.app.state.context
    names = environment.frame(context.settings, language) | {
        "words": words.load(words_area, language),
        "links": Links(context.settings),
        "own_name": lambda other: words.load("reader", other)("language.own"),
        "day": lambda moment: dates.day(moment.astimezone(context.settings.office.zone).date(), language),
        "alternates": {},
        "here": "",
    }
    return filling.fill(environment.create(), template, names | values)
