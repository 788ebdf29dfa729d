"""The first run: the first editor is made by whoever holds the code that `newsletter serve` printed."""

from typing import Annotated

from fastapi import Form, Request
from starlette.responses import RedirectResponse, Response

from newsletter import database, editors
from newsletter.errors import EditorError, NotFoundError
from newsletter.models import Editor
from newsletter.web import auth, languages, limits
from newsletter.web.context import Context
from newsletter.web.dependencies import WithContext
from newsletter.web.editor import desk, route
from newsletter.web.editor.links import DeskLinks

router = route.open_router()


@router.get("/setup")
def show(request: Request, context: WithContext) -> Response:
    """Ask for the code and for the first editor, while there is none."""
    _demand_first_run(context)
    return _page(request, context, {}, "")


@router.post("/setup")
def make_first_editor(
    request: Request,
    context: WithContext,
    *,
    code: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    """Make the first editor, an administrator, and log them in."""
    limits.check(request, "set-up")
    _demand_first_run(context)
    typed = {"code": code, "name": name, "email": email}
    if not editors.is_setup_code(context.keys, code):
        return _page(request, context, typed, "code")
    try:
        token = _create(context, name=name, email=email, password=password, language=_language(request, context))
    except EditorError as error:
        return _page(request, context, typed, error.reason)
    response = RedirectResponse(DeskLinks(context.settings).at("issues", done="welcome"), 303)
    auth.sign_in(response, context, token)
    return response


def _create(context: Context, *, name: str, email: str, password: str, language: str) -> str:
    now = context.now()
    with database.writing(context.engine) as session:
        if editors.exist(session):  # two people at once: the second finds the door closed
            raise NotFoundError
        editor: Editor = editors.create(
            session, email=email, name=name, role="admin", password=password, language=language, now=now
        )
        return editors.open_session(session, editor, now=now)


def _demand_first_run(context: Context) -> None:
    with database.reading(context.engine) as session:
        if editors.exist(session):
            raise NotFoundError


def _page(request: Request, context: Context, typed: dict[str, str], wrong: str) -> Response:
    language = _language(request, context)
    status = 422 if wrong else 200
    return desk.answer(request, "setup", language, status=status, typed=typed, wrong=wrong)


def _language(request: Request, context: Context) -> str:
    return desk.spoken(context, languages.of(request, context))
