"""The search page."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from newsletter.archive import search
from newsletter.web import templating
from newsletter.web.dependencies import Reading, WithContext
from newsletter.web.languages import PathLanguage
from newsletter.web.links import Links

router = APIRouter()


@router.get("/{language}/search")
def show(
    request: Request,
    context: WithContext,
    session: Reading,
    language: PathLanguage,
    *,
    q: str = "",
    page: Annotated[int, Query(ge=1, le=search.MOST_PAGES)] = 1,
) -> Response:
    """Return what was found for `q`, newest first."""
    links = Links(context.settings)
    found = search.find(session, context.publication_id, language, q, page=page)
    asked = f"?{urlencode({'q': found.question})}" if found.question else ""
    return templating.shared(
        request,
        "web/search.html.j2",
        language=language,
        found=found,
        earlier=f"{links.search(language)}{asked}&page={page - 1}" if page > 1 else "",
        later=f"{links.search(language)}{asked}&page={page + 1}" if found.more else "",
        alternates={each: f"{links.search(each)}{asked}" for each in context.settings.publication.languages},
        here="search",
    )
