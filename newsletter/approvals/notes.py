"""Short letters to editors about how an approval went."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import letters, urls, words
from newsletter.approvals import lines
from newsletter.config import Settings
from newsletter.letters import Written
from newsletter.models import Approval, Editor, Issue
from newsletter.words import Words


def to_asker(
    session: Session, settings: Settings, issue: Issue, name: str, history: Sequence[Approval], *, now: datetime
) -> None:
    """Tell the editor who asked what the last word of `history` is; nobody is told of their own word."""
    said = history[-1]
    asker = session.get(Editor, lines.asker(list(history)) or 0)
    if asker is None or asker.disabled_at is not None or asker.id == said.editor_id:
        return
    decider = session.get(Editor, said.editor_id or 0)
    written = compose(settings, issue, name, asker, said.comment, by=decider.name if decider else "")
    letters.queue(
        session,
        "approval",
        written,
        to=asker.email,
        to_name=asker.name,
        once=f"approval:{name}:{said.id}:{asker.id}",
        now=now,
    )


def compose(settings: Settings, issue: Issue, name: str, editor: Editor, *more: str, **values: Any) -> Written:
    """Return the letter `name` of the words "newsroom" in an editor's language, with the way to the issue."""
    say = words.load("newsroom", spoken(editor))
    return letters.compose(
        settings,
        "note",
        language=say.language,
        heading=say(f"{name}.heading", number=issue.number, **values),
        paragraphs=[say(f"{name}.text", number=issue.number, **values), *(one for one in more if one)],
        url=urls.desk_issue(settings, issue.id),
        label=say(f"{name}.label", number=issue.number, **values),
    )


def spoken(editor: Editor) -> str:
    """Return the editor's language, or English where letters to editors have no words in it."""
    return editor.language if editor.language in words.languages("newsroom") else "en"


def everybody(session: Session) -> Iterable[Editor]:
    """Return every editor who works here."""
    return session.scalars(select(Editor).where(Editor.disabled_at.is_(None)).order_by(Editor.id)).all()


def tongues(say: Words) -> dict[str, str]:
    """Return what languages are called in the language of the letter."""
    prefix = "approval.tongues."
    return {name.removeprefix(prefix): say(name) for name in say.names() if name.startswith(prefix)}
