"""Which error is which status, and the calm page that says so."""

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from newsletter.errors import (
    CheckFailedError,
    InvalidContentError,
    NewsletterError,
    NotFoundError,
    StaleError,
    StateError,
)
from newsletter.web import headers, languages, templating
from newsletter.web.auth import ForgedFormError
from newsletter.web.context import Context
from subscribers.errors import AddressError, ExpiredError, SubscriberError, TokenError

STATUS: dict[type[Exception], int] = {
    RequestValidationError: 422,
    NotFoundError: 404,
    ForgedFormError: 403,
    StateError: 409,
    StaleError: 409,
    CheckFailedError: 409,
    InvalidContentError: 422,
    NewsletterError: 500,
    AddressError: 422,
    ExpiredError: 410,
    TokenError: 404,
    SubscriberError: 422,
}
"""The first class in an error's ancestry that stands here decides."""

TOLD = (403, 404, 405, 409, 410, 413, 422, 429, 500)
"""The statuses that have words of their own in `reader.*.toml`."""

_log = structlog.get_logger()


def install(app: FastAPI) -> None:
    """Make `app` answer every error with a page."""
    for error in (HTTPException, RequestValidationError, NewsletterError, SubscriberError):
        app.add_exception_handler(error, _answer)
    app.add_exception_handler(Exception, _answer_unforeseen)


def status_of(error: Exception) -> int:
    """Return the HTTP status that says what `error` means."""
    if isinstance(error, HTTPException):
        return error.status_code
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def page(request: Request, status: int) -> Response:
    """Return the page of `status` in the reader's language; an unusual one shares the words of its class."""
    context: Context = request.app.state.context
    told = status if status in TOLD else 500 if status >= 500 else 422  # noqa: PLR2004 - server errors begin at 500
    language = languages.of(request, context)
    return templating.page(
        request, "web/error.html.j2", words_area="reader", language=language, status=status, told=told
    )


def _answer(request: Request, error: Exception) -> Response:
    status = status_of(error)
    if status >= 500:  # noqa: PLR2004 - server errors begin at 500
        _log.error("page_failed", status=status, error=type(error).__name__, exc_info=error)
    response = page(request, status)
    response.headers.update(getattr(error, "headers", None) or {})
    return response


def _answer_unforeseen(request: Request, error: Exception) -> Response:
    """Answer outside all middleware, which is where Starlette asks for it; so the headers are added here."""
    _log.error("page_failed", status=500, error=type(error).__name__)  # the server logs the traceback
    response = page(request, 500)
    context: Context = request.app.state.context
    response.headers.update(headers.common(secure=context.settings.web.base_url.startswith("https:")))
    return response
