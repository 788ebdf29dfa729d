"""Whether the person behind a mailed link is the one it was mailed to: by the log-in, the device, or the password.

A forwarded letter must not let its receiver decide in the name of another; and nobody should type a
password on the same phone every month. So a device is remembered, for one editor and with a mailed link only.
"""

import hmac
from datetime import UTC, datetime, timedelta

from fastapi import Request
from starlette.responses import Response

from newsletter import database, editors, passwords, urls
from newsletter.models import Editor
from newsletter.web import auth, limits
from newsletter.web.context import Context
from newsletter.web.editor.login import Attempts

REMEMBERED = timedelta(days=90)


def knows(request: Request, context: Context, editor: Editor) -> bool:
    """Return whether this browser is the editor's: logged in at the desk, or remembered."""
    token = request.cookies.get(auth.cookie_name(context.settings), "")
    if token:
        with database.reading(context.engine) as session:
            logged_in = editors.find_session(session, token, now=context.now())
            if logged_in is not None and logged_in.id == editor.id:
                return True
    return _is_remembered(request, context, editor)


def refusal(request: Request, editor: Editor, password: str) -> str:
    """Return why a password does not show that this is the editor: `wrong`, `rest` after too many, or nothing."""
    attempts: Attempts = request.app.state.attempts
    network = limits.network(limits.client(request))
    if not attempts.allowed(editor.email, network):
        return "rest"
    if not passwords.fits(password, editor.password_hash):
        attempts.failed(editor.email, network)
        return "wrong"
    return ""


def remember(response: Response, context: Context, editor: Editor) -> None:
    """Let this browser be known as the editor's for `REMEMBERED`; a new password ends it."""
    ends = int((context.now() + REMEMBERED).timestamp())
    secure = context.settings.web.base_url.startswith("https:")
    response.set_cookie(
        _cookie(context),
        f"{editor.id}.{ends}.{_proof(context, editor, ends)}",
        max_age=int(REMEMBERED.total_seconds()),
        path="/" if secure else urls.path(f"{context.settings.web.base_url}/desk"),
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def _is_remembered(request: Request, context: Context, editor: Editor) -> bool:
    number, _, rest = request.cookies.get(_cookie(context), "").partition(".")
    ends, _, proof = rest.partition(".")
    if number != str(editor.id) or not (ends.isascii() and ends.isdecimal()) or len(ends) > len("9999999999"):
        return False
    if datetime.fromtimestamp(int(ends), UTC) <= context.now():
        return False
    return hmac.compare_digest(proof.encode(), _proof(context, editor, int(ends)).encode())


def _proof(context: Context, editor: Editor, ends: int) -> str:
    told = f"device:{editor.id}:{ends}:{editor.password_hash or ''}"
    return hmac.digest(context.keys.session, told.encode(), "sha256").hex()


def _cookie(context: Context) -> str:
    return "__Host-device" if context.settings.web.base_url.startswith("https:") else "device"
