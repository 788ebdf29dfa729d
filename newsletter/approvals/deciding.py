"""Deciding: the word of named people on exactly what will be sent."""

from datetime import datetime

from sqlalchemy.orm import Session

from newsletter import editors, freezing
from newsletter.approvals import letters, lines
from newsletter.config import Settings
from newsletter.errors import NotAllowedError, StateError
from newsletter.issues import states
from newsletter.models import Editor, Issue


def give(session: Session, settings: Settings, issue: Issue, *, editor_id: int, now: datetime) -> None:
    """Approve what is frozen.

    Raises NotAllowedError for an editor who is no approver, StateError where nothing is asked or
    where what is stored is no longer what was frozen.
    """
    _require_approver(session, editor_id)
    if issue.state == "asked" and freezing.digest(session, settings, issue) != issue.frozen_hash:
        message = f"Issue {issue.number} or its sender has changed since it was frozen. Ask for approval again."
        raise StateError(message)
    if not states.move(session, issue, "approved", of=("asked",)):
        raise states.refuse(issue, "be approved; nobody has asked for it")
    lines.add(session, issue, "given", editor_id=editor_id, now=now)


def refuse(session: Session, settings: Settings, issue: Issue, *, editor_id: int, comment: str, now: datetime) -> None:
    """Send the issue back to the editor who asked, with a comment; it is a draft again. Raises as `give` does."""
    _require_approver(session, editor_id)
    history = lines.history(session, issue)
    asker = next((line.editor_id for line in reversed(history) if line.decision == "asked"), None)
    if not states.move(session, issue, "draft", of=("asked",)):
        raise states.refuse(issue, "be sent back; nobody has asked for approval")
    lines.add(session, issue, "refused", editor_id=editor_id, now=now, comment=comment)
    editor = session.get(Editor, asker) if asker else None
    if editor is not None:
        letters.write(session, settings, issue, editor, "refused", now=now, comment=comment)


def _require_approver(session: Session, editor_id: int) -> None:
    editor = session.get(Editor, editor_id)
    if editor is None or editor.disabled_at is not None:
        raise NotAllowedError
    editors.demand(editor, "approver")
