"""Who is at the desk: the cookie of a log-in, and the proof that a form came from our own page."""

import hmac
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from newsletter import database, editors, urls
from newsletter.config import Settings
from newsletter.errors import NewsletterError
from newsletter.keys import Keys
from newsletter.models import Editor
from newsletter.web.context import Context
from newsletter.web.dependencies import WithContext

FIELD = "csrf"
"""The hidden field of every form of the desk."""

SAFE = ("GET", "HEAD")


class NotSignedInError(NewsletterError):
    """Nobody is logged in in this browser."""


class ForgedFormError(NewsletterError):
    """The form did not come from our own page."""


@dataclass(frozen=True)
class SignedIn:
    """The editor of a request and the token of the log-in."""

    editor: Editor
    token: str


def signed_in(request: Request, context: WithContext) -> SignedIn:
    """Return who is logged in; raise NotSignedInError."""
    token = request.cookies.get(cookie_name(context.settings), "")
    if not token:
        raise NotSignedInError
    with database.reading(context.engine) as session:
        editor = editors.find_session(session, token, now=context.now())
        if editor is None:
            raise NotSignedInError
        session.expunge(editor)
    request.state.editor = editor
    return SignedIn(editor, token)


Someone = Annotated[SignedIn, Depends(signed_in)]


async def demand_own_form(request: Request, context: WithContext, someone: Someone) -> None:
    """Raise ForgedFormError unless a POST comes from our own page and carries the log-in's form token.

    Both are asked for: the origin stops other sites, the token also stops other pages on
    our own origin and browsers that name no origin they should.
    """
    if request.method in SAFE:
        return
    demand_own_origin(request, context)
    sent = _text(await request.form(), FIELD)
    if not hmac.compare_digest(sent.encode(), form_token(context.keys, someone.token).encode()):
        raise ForgedFormError


def demand_own_origin(request: Request, context: WithContext) -> None:
    """Raise ForgedFormError unless a POST names our own origin, as every browser does (Fetch 3.2).

    It is ours if it is the address of the settings or the host that was asked for: a desk is
    also reached by another name of its machine, and no other site can choose the Host it sends.
    """
    if request.method in SAFE:
        return
    origin = urlsplit(request.headers.get("origin", ""))
    base = urlsplit(context.settings.web.base_url)
    ours = {(base.scheme, base.netloc), (origin.scheme, request.headers.get("host", ""))}
    if not origin.netloc or (origin.scheme, origin.netloc) not in ours:
        raise ForgedFormError
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise ForgedFormError


def form_token(keys: Keys, token: str) -> str:
    """Return what the forms of a log-in carry; it tells nothing about the log-in's own token."""
    return hmac.digest(keys.session, b"form:" + token.encode(), "sha256").hex()


def sign_in(response: Response, context: Context, token: str) -> None:
    """Give the browser the token of a log-in."""
    response.set_cookie(
        cookie_name(context.settings),
        token,
        max_age=int(editors.SESSION_LASTS.total_seconds()),
        path="/" if _secure(context.settings) else _folder(context.settings),
        secure=_secure(context.settings),
        httponly=True,
        samesite="lax",
    )


def sign_out(response: Response, context: Context) -> None:
    """Take the token from the browser."""
    response.delete_cookie(
        cookie_name(context.settings),
        path="/" if _secure(context.settings) else _folder(context.settings),
        secure=_secure(context.settings),
        httponly=True,
        samesite="lax",
    )


def cookie_name(settings: Settings) -> str:
    """Return the cookie's name; `__Host-` lets no neighbouring host set it (RFC 6265bis 4.1.3.2), and needs https."""
    return "__Host-desk" if _secure(settings) else "desk"


def _secure(settings: Settings) -> bool:
    return settings.web.base_url.startswith("https:")


def _folder(settings: Settings) -> str:
    return urls.path(f"{settings.web.base_url}/desk")


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return "" if isinstance(value, UploadFile) else value
