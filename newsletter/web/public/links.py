"""Short addresses of mails: lead on to what is stored, and count that somebody followed (DESIGN 5.5)."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated

import structlog
from fastapi import APIRouter, Path, Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response

from newsletter import database, links
from newsletter.errors import NotFoundError
from newsletter.links import Tally, addresses
from newsletter.links.tally import Click
from newsletter.models import Link
from newsletter.web import visitors
from newsletter.web.context import Context
from newsletter.web.dependencies import Reading, WithContext
from newsletter.web.head import is_head
from subscribers import languages

_HEADERS = {"cache-control": "no-store", "referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow"}

router = APIRouter()
_log = structlog.get_logger()


@router.get("/l/{token}")
def follow(
    request: Request, context: WithContext, session: Reading, token: Annotated[str, Path(max_length=32)]
) -> Response:
    """Lead to the stored target; there is no other way to say where to, so nobody is led astray by us.

    What is counted is the link, the language of the edition and the day: no cookie, no reader, no address.
    """
    code, language = addresses.parse(token)
    link = links.find(session, code)
    if link is None or language not in languages.wishes(context.settings.publication.languages):
        raise NotFoundError
    counted = context.settings.links.count_clicks and _is_reader(request) and links.is_out(session, link)
    return RedirectResponse(
        link.target,
        status_code=302,
        headers=_HEADERS,
        background=_counting(request, context, link, language) if counted else None,
    )


def _is_reader(request: Request) -> bool:
    return not is_head(request.scope) and visitors.is_person(request.headers)


def _counting(request: Request, context: Context, link: Link, language: str) -> BackgroundTask:
    """Return what counts once the reader has the answer: however busy the database is, nobody waits for it."""
    tally: Tally = request.app.state.tally
    tally.add((link.id, language, context.today()))
    return BackgroundTask(_write, context, tally)


def _write(context: Context, tally: Tally) -> None:
    try:
        tally.flush(partial(_add, context))
    except SQLAlchemyError as error:
        _log.warning("clicks not written, kept for later", error=type(error).__name__)


def _add(context: Context, counts: Mapping[Click, int]) -> None:
    with database.writing(context.engine) as session:
        links.add(session, counts)
