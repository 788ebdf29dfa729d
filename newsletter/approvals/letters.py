"""Letters about an approval."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import letters, urls, words
from newsletter.approvals.chain import APPROVERS
from newsletter.config import Settings
from newsletter.models import Editor, Issue


def to_approvers(session: Session, settings: Settings, issue: Issue, *, now: datetime) -> None:
    """Ask every approver."""
    approvers = select(Editor).where(Editor.role.in_(APPROVERS), Editor.disabled_at.is_(None)).order_by(Editor.id)
    for editor in session.scalars(approvers).all():
        write(session, settings, issue, editor, "asked", now=now)


def write(
    session: Session, settings: Settings, issue: Issue, editor: Editor, name: str, *, now: datetime, comment: str = ""
) -> None:
    """Queue the letter `name` of the words "newsroom" to an editor."""
    say = words.load("newsroom", editor.language)
    letters.write(
        session,
        settings,
        "approval",
        language=editor.language,
        to=editor.email,
        to_name=editor.name,
        once=f"approval:{name}:{issue.id}:{(issue.frozen_hash or '')[:16]}:{editor.id}",
        now=now,
        template="note",
        heading=say(f"{name}.heading", number=issue.number),
        paragraphs=[say(f"{name}.text", number=issue.number), *([comment] if comment else [])],
        url=urls.desk_issue(settings, issue.id),
        label=say(f"{name}.label", number=issue.number),
    )
