"""Logging in and out, and the way to the desk."""

from typing import Annotated

import structlog
from fastapi import Form, Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.responses import RedirectResponse, Response

from newsletter import database, editors
from newsletter.web import auth, languages, limits
from newsletter.web.context import Context
from newsletter.web.dependencies import WithContext
from newsletter.web.editor import desk, route
from newsletter.web.editor.desk import AtDesk
from newsletter.web.editor.links import DeskLinks

FAILURES = 10
WINDOW_MINUTES = 15
"""So many wrong passwords for one address from one network, then a rest; others are not locked out by it."""

router = route.router()
open_router = route.open_router()

_log = structlog.get_logger()


class Attempts:
    """Counts wrong passwords per address and network, in this process."""

    def __init__(self) -> None:
        """Begin with none."""
        self._limit = RateLimitItemPerMinute(FAILURES, WINDOW_MINUTES)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def allowed(self, email: str, network: str) -> bool:
        """Return whether another password may be tried."""
        return self._limiter.test(self._limit, email.strip().casefold(), network)

    def failed(self, email: str, network: str) -> None:
        """Count a wrong password."""
        self._limiter.hit(self._limit, email.strip().casefold(), network)


@open_router.get("/login")
def show(request: Request, context: WithContext, next: str = "") -> Response:  # noqa: A002 - the name in the address
    """Ask for address and password; before the first editor there is only the set-up."""
    with database.reading(context.engine) as session:
        if not editors.exist(session):
            return RedirectResponse(DeskLinks(context.settings).at("setup"), 303)
    return _page(request, context, next, "", "")


@open_router.post("/login")
def log_in(
    request: Request,
    context: WithContext,
    *,
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",  # noqa: A002 - the name in the form
) -> Response:
    """Open a session where the password fits; what is wrong is not told."""
    limits.check(request, "log-in")
    attempts: Attempts = request.app.state.attempts
    network = limits.network(limits.client(request))
    if not attempts.allowed(email, network):
        return _page(request, context, next, email, "rest", status=429)
    with database.reading(context.engine) as session:
        editor = editors.authenticate(session, email=email, password=password)
    if editor is None:
        attempts.failed(email, network)
        _log.warning("log_in_failed", network=network)
        return _page(request, context, next, email, "wrong", status=422)
    with database.writing(context.engine) as session:
        editors.close_session(session, request.cookies.get(auth.cookie_name(context.settings), ""))
        token = editors.open_session(session, editor, now=context.now())
    response = RedirectResponse(DeskLinks(context.settings).own(next), 303)
    auth.sign_in(response, context, token)
    return response


@router.post("/logout")
def log_out(at: AtDesk) -> Response:
    """End this log-in."""
    with database.writing(at.context.engine) as session:
        editors.close_session(session, at.token)
    response = at.go(at.links.at("login"))
    auth.sign_out(response, at.context)
    return response


@router.get("")
@router.get("/")
def enter(at: AtDesk) -> Response:
    """Lead to the issues."""
    return at.go(at.links.at("issues"))


def _page(request: Request, context: Context, asked: str, email: str, wrong: str, *, status: int = 200) -> Response:
    language = desk.spoken(context, languages.of(request, context))
    return desk.answer(
        request, "login", language, status=status, next=asked, email=email, wrong=wrong, minutes=WINDOW_MINUTES
    )
