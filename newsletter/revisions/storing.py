"""The rows of saved states: append-only, numbered from 1."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from newsletter.errors import NotFoundError, StaleError
from newsletter.models import Editor, Issue, Revision, Story

Subject = Story | Issue


@dataclass(frozen=True)
class Version:
    """One saved state in the history: who saved it and when."""

    number: int
    editor: str  # a name; empty for the clock and the command line
    at: datetime
    content: str  # JSON


def append(
    session: Session, subject: Subject, content: str, *, base: int, editor_id: int | None, now: datetime
) -> Revision:
    """Add the state after `base` and return it; raise StaleError where somebody has saved since.

    The guarded update of `head` has one winner among parallel editors and holds the row to the end
    of the transaction.
    """
    model = type(subject)
    moved = session.execute(
        update(model).where(model.id == subject.id, model.head == base).values(head=base + 1),
        execution_options={"synchronize_session": False},
    )
    session.refresh(subject)
    if not isinstance(moved, CursorResult) or moved.rowcount != 1:
        message = f"Somebody saved revision {subject.head} since you opened revision {base}. Nothing is lost: compare."
        raise StaleError(message)
    revision = Revision(
        subject_kind=model.__tablename__,
        subject_id=subject.id,
        number=base + 1,
        content=content,
        editor_id=editor_id,
        created_at=now,
    )
    session.add(revision)
    session.flush()
    return revision


def read(session: Session, kind: str, subject_id: int, number: int) -> str:
    """Return the JSON of one state; `kind` is story or issue. Raises NotFoundError."""
    content = session.scalar(
        select(Revision.content).where(
            Revision.subject_kind == kind, Revision.subject_id == subject_id, Revision.number == number
        )
    )
    if content is None:
        message = f"There is no revision {number} of {kind} {subject_id}."
        raise NotFoundError(message)
    return content


def history(
    session: Session, subject: Subject, *, before: int | None = None, limit: int | None = None
) -> list[Version]:
    """Return the saved states, newest first; `before` and `limit` cut a page of them."""
    query = (
        select(Revision.number, Editor.name, Revision.created_at, Revision.content)
        .outerjoin(Editor, Editor.id == Revision.editor_id)
        .where(Revision.subject_kind == type(subject).__tablename__, Revision.subject_id == subject.id)
        .order_by(Revision.number.desc())
        .limit(limit)
    )
    rows = session.execute(query if before is None else query.where(Revision.number < before))
    return [Version(number, name or "", at, content) for number, name, at, content in rows]
