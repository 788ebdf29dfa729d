"""Short letters about a story: a heading, a few sentences, one button."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import letters, words
from newsletter.config import Settings
from newsletter.models import Editor, Letter


def write(
    session: Session,
    settings: Settings,
    name: str,
    /,
    *,
    to: str,
    language: str,
    to_name: str = "",
    lines: Sequence[str] = ("lead",),
    quoted: str = "",
    url: str = "",
    once: str | None = None,
    now: datetime,
    **values: Any,
) -> Letter | None:
    """Queue a letter made of the sentences `NAME.heading`, `NAME.LINE` and `NAME.button` of the words "letters".

    `quoted` stands as a paragraph of its own before the last line. Returns None where `once` was written before.
    """
    spoken = language if language in settings.publication.languages else settings.publication.languages[0]
    say = words.load("letters", spoken)
    known = {"title": settings.publication.title[spoken], "office": settings.office.name[spoken], **values}
    paragraphs = [say(f"{name}.{line}", **known) for line in lines]
    if quoted:
        paragraphs[-1:-1] = [part for part in (line.strip() for line in quoted.splitlines()) if part]
    return letters.write(
        session,
        settings,
        "answer",
        language=spoken,
        to=to,
        to_name=to_name,
        once=once,
        now=now,
        template="note",
        heading=say(f"{name}.heading", **known),
        paragraphs=paragraphs,
        url=url,
        label=say(f"{name}.button", **known) if url else "",
    )


def editors(session: Session) -> list[Editor]:
    """Return everybody at the desk."""
    return list(session.scalars(select(Editor).where(Editor.disabled_at.is_(None)).order_by(Editor.id)))
