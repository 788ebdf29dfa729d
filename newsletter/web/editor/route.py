"""The desk's routes: what cannot be done is answered with a calm page of the desk, in the editor's language."""

from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from newsletter import database, editors
from newsletter.approvals.errors import LinkOverError
from newsletter.errors import BusyError, NewsletterError, NotAllowedError, NotFoundError, StaleError, StateError
from newsletter.models import Editor
from newsletter.web import auth, languages
from newsletter.web.auth import ForgedFormError, NotSignedInError
from newsletter.web.context import Context
from newsletter.web.editor import desk
from newsletter.web.editor.desk import Desk
from newsletter.web.editor.links import DeskLinks
from newsletter.web.uploads import TooLargeError


class UnfinishedError(NewsletterError):
    """The issue cannot be laid out yet."""


PROBLEMS: dict[type[Exception], tuple[int, str]] = {
    ForgedFormError: (403, "forged"),
    NotAllowedError: (403, "not_allowed"),
    LinkOverError: (404, "link_over"),
    NotFoundError: (404, "not_found"),
    StaleError: (409, "changed"),
    StateError: (409, "changed"),
    UnfinishedError: (422, "unfinished"),
    RequestValidationError: (422, "unreadable"),
    BusyError: (503, "busy"),
    TooLargeError: (413, "too_large"),
}
"""Which status and which sentences (`problem.*`) an error of the desk has; others belong to `web.errors`."""

GREATEST_NUMBER = 2**31 - 1
"""What a database can hold; with more than that it would fail instead of finding nothing."""

_log = structlog.get_logger()


class DeskRoute(APIRoute):
    """A route whose errors are pages of the desk."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler with our answers to errors around it."""
        handle = super().get_route_handler()

        async def handle_at_the_desk(request: Request) -> Response:
            try:
                return await handle(request)
            except NotSignedInError:
                return _to_log_in(request)
            except (NewsletterError, RequestValidationError) as error:
                return problem(request, error)
            except HTTPException as error:
                if error.status_code != 429:  # noqa: PLR2004 - Too Many Requests, which the limits raise
                    raise
                return page_of(request, 429, "too_often", dict(error.headers or {}))

        return handle_at_the_desk


def router() -> APIRouter:
    """Return a router of the desk whose every POST must be a form of ours."""
    return APIRouter(
        prefix="/desk",
        route_class=DeskRoute,
        dependencies=[Depends(auth.demand_own_form), Depends(demand_possible_numbers)],
    )


def open_router() -> APIRouter:
    """Return a router for people who are not logged in yet; a POST must name our own origin."""
    return APIRouter(prefix="/desk", route_class=DeskRoute, dependencies=[Depends(auth.demand_own_origin)])


def demand_possible_numbers(request: Request) -> None:
    """Raise NotFoundError for a number in the address that no row can have."""
    numbers = (value for name, value in request.path_params.items() if name.endswith("_id"))
    if any(str(number).isdecimal() and int(number) > GREATEST_NUMBER for number in numbers):
        raise NotFoundError


def problem(request: Request, error: Exception) -> Response:
    """Return the page of an error that the desk has sentences for; raise the others again."""
    for kind in type(error).__mro__:
        if kind in PROBLEMS:
            status, name = PROBLEMS[kind]
            _log.info("desk_refused", status=status, error=type(error).__name__)
            detail = str(error) if isinstance(error, UnfinishedError) and error.args else ""
            return page_of(request, status, name, detail=detail)
    raise error


def page_of(
    request: Request, status: int, name: str, headers: dict[str, str] | None = None, *, detail: str = ""
) -> Response:
    """Return the page that says what happened, what was kept and what to do; `detail` is shown as it is."""
    context: Context = request.app.state.context
    editor: Editor | None = getattr(request.state, "editor", None)
    token = request.cookies.get(auth.cookie_name(context.settings), "")
    someone = Desk(request, context, editor, token) if editor else None
    language = someone.language if someone else desk.spoken(context, languages.of(request, context))
    response = desk.answer(
        request,
        "problem",
        language,
        status=status,
        someone=someone,
        name=name,
        detail=detail,
        back=_issue_of(request, context),
    )
    response.headers.update(headers or {})
    return response


def _issue_of(request: Request, context: Context) -> str:
    issue_id = request.path_params.get("issue_id", "")
    links = DeskLinks(context.settings)
    return links.issue(int(issue_id)) if str(issue_id).isdecimal() else links.at("issues")


def _to_log_in(request: Request) -> Response:
    context: Context = request.app.state.context
    links = DeskLinks(context.settings)
    with database.reading(context.engine) as session:
        if not editors.exist(session):
            return RedirectResponse(links.at("setup"), 303, headers={"cache-control": "no-store"})
    asked = request.url.path if request.method in auth.SAFE else ""
    target = links.at("login", next=asked if asked.rstrip("/") != links.at() else "")
    return RedirectResponse(target, 303, headers={"cache-control": "no-store"})
