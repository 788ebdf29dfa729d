"""An editor's own account: the desk's language and the password."""

from typing import Annotated

from fastapi import Form
from starlette.responses import Response

from newsletter import database, editors, passwords
from newsletter.errors import EditorError, NotFoundError
from newsletter.models import Editor
from newsletter.web import auth, limits
from newsletter.web.dependencies import Writing
from newsletter.web.editor import desk, route
from newsletter.web.editor.desk import AtDesk, Desk

router = route.router()


@router.get("/account")
def show(at: AtDesk) -> Response:
    """Show who is logged in and ask for a new password."""
    return _page(at, "")


@router.post("/account/password")
def change_password(at: AtDesk, *, old: Annotated[str, Form()] = "", password: Annotated[str, Form()] = "") -> Response:
    """Set a new password: every log-in ends, and this browser gets a new one."""
    limits.check(at.request, "password")
    if not passwords.fits(old, at.editor.password_hash):
        return _page(at, "old", status=422)
    try:
        with database.writing(at.context.engine) as session:
            editor = session.get_one(Editor, at.editor.id)
            editors.change_password(session, editor, password, now=at.now)
            token = editors.open_session(session, editor, now=at.now)
    except EditorError as error:
        return _page(at, error.reason, status=422)
    response = at.go(at.links.at("account", done="password"))
    auth.sign_in(response, at.context, token)
    return response


@router.post("/account/language")
def change_language(
    at: AtDesk, session: Writing, *, language: Annotated[str, Form()], here: Annotated[str, Form()] = ""
) -> Response:
    """Show the desk in another language from now on, beginning with the page where this was asked."""
    if language not in desk.desk_languages(at.context):
        raise NotFoundError
    editors.change_language(session.get_one(Editor, at.editor.id), language)
    return at.go(at.links.own(here))


def _page(at: Desk, wrong: str, *, status: int = 200) -> Response:
    return at.page("account", status=status, wrong=wrong, here=at.links.at("account"))
