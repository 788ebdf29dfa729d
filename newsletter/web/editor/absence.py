"""Absences: while an editor is away, a deputy is asked in their place."""

from datetime import date
from typing import Annotated

from fastapi import Form
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from newsletter import editors
from newsletter.errors import EditorError, NotFoundError
from newsletter.models import Editor
from newsletter.web.dependencies import Reading, Writing
from newsletter.web.editor import route
from newsletter.web.editor.desk import AtDesk, Desk

router = route.router()


@router.get("/absences")
def show(at: AtDesk, session: Reading) -> Response:
    """Show who is away, and ask for one's own days."""
    return _page(at, session)


@router.post("/absences")
def save(
    at: AtDesk,
    session: Writing,
    *,
    who: Annotated[int, Form()],
    first: Annotated[str, Form()] = "",
    last: Annotated[str, Form()] = "",
) -> Response:
    """Keep the days of an absence; without a first day there is none. Only an administrator keeps another's."""
    if who != at.editor.id:
        editors.demand(at.editor, "admin")
    editor = session.get(Editor, who)
    if editor is None or editor.disabled_at is not None:
        raise NotFoundError
    try:
        days = _day(first), _day(last)
        editors.keep_absence(session, editor, *days, by=at.editor.id, now=at.now)
    except EditorError as error:
        return _page(at, session, wrong=error.reason, who=who, first=first, last=last)
    return at.go(at.links.at("absences", done="away"))


def _page(at: Desk, session: Session, *, wrong: str = "", who: int = 0, first: str = "", last: str = "") -> Response:
    everybody = session.scalars(select(Editor).where(Editor.disabled_at.is_(None)).order_by(Editor.name)).all()
    today = at.now.astimezone(at.zone).date()
    own = next(one for one in everybody if one.id == at.editor.id)
    return at.page(
        "absence",
        status=422 if wrong else 200,
        here=at.links.at("absences"),
        away=[one for one in everybody if one.away_from and (one.away_until or today) >= today],
        colleagues=[one for one in everybody if one.id != at.editor.id] if at.may("admin") else [],
        own=own,
        wrong=wrong,
        who=who,
        first=first,
        last=last,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        raise EditorError("away_day") from error
