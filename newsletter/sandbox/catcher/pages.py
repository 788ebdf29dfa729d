"""What the catcher's pages have in common: language, words, the list, the content policy."""

import functools
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from newsletter import words
from newsletter.sandbox.catcher import opening
from newsletter.sandbox.catcher.catcher import Catcher
from newsletter.sandbox.catcher.store import Caught

LANGUAGES = ("en", "ja")
COOKIE = "catcher_language"
PAGE_SIZE = 50
HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; img-src data:; "
    # One-click unsubscribing posts to the newsletter itself, as a mail program does.
    "form-action 'self' http: https:; base-uri 'none'; frame-ancestors 'none'"
)


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page in the visitor's language, with the list of what arrived for the recipient looked for."""
    language = _language(request)
    catcher: Catcher = request.app.state.catcher
    shown = {
        "language": language,
        "other": next(other for other in LANGUAGES if other != language),
        "words": words.load("catcher", language, HERE / "words"),
        "addresses": catcher.reachable,
        "here": lambda **changes: _here(request, **changes),
        **_listed(request),
        **values,
    }
    html = _templates().get_template(template).render(shown)
    headers = {"content-security-policy": POLICY, "referrer-policy": "same-origin", "x-content-type-options": "nosniff"}
    answer = HTMLResponse(html, status, headers)
    if request.query_params.get("lang") in LANGUAGES:
        answer.set_cookie(COOKIE, language, httponly=True, samesite="lax")
    return answer


def matching(request: Request) -> list[Caught]:
    """Return the messages whose envelope names the recipient looked for, newest first."""
    catcher: Catcher = request.app.state.catcher
    wish = request.query_params.get("to", "").strip().casefold()
    every = reversed(catcher.messages())
    return [caught for caught in every if not wish or any(wish in to.casefold() for to in caught.envelope_to)]


def number(text: str) -> int:
    """Return the number in `text`, or 0."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def _listed(request: Request) -> dict[str, Any]:
    found = matching(request)
    before = number(request.query_params.get("before", ""))
    rest = [caught for caught in found if caught.id < before] if before else found
    shown = rest[:PAGE_SIZE]
    return {
        "wish": request.query_params.get("to", ""),
        "count": len(found),
        "summaries": [opening.summarise(caught) for caught in shown],
        "older": shown[-1].id if len(rest) > len(shown) else 0,
        "newest": found[0].id if found else 0,
        "is_first_page": not before,
    }


def _here(request: Request, **changes: object) -> str:
    """Return this page's address with other parameters; an empty one goes."""
    kept = {name: value for name, value in request.query_params.items() if name != "lang"} | changes
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"?{query}" if query else request.url.path


def _language(request: Request) -> str:
    for wish in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if wish in LANGUAGES:
            return wish
    # Browsers name the language they like best first; the product's pages weigh them, and this start is quicker.
    named = re.findall(r"[a-z]{2}(?![a-z])", request.headers.get("accept-language", "").lower())
    return next((language for language in named if language in LANGUAGES), LANGUAGES[0])


@functools.cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
