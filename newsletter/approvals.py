"""Approvals: the word of named people on exactly what will be sent."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import audit, checks, editors, freezing, letters, urls, words
from newsletter.config import Settings
from newsletter.errors import CheckFailedError, NotAllowedError, StateError
from newsletter.findings import Finding
from newsletter.freezing import Frozen
from newsletter.issues import states
from newsletter.models import Approval, Editor, Issue

APPROVERS = ("approver", "admin")


@dataclass(frozen=True)
class Prepared:
    """The slow part of asking, done while nobody has to wait: what was found, and what would be frozen."""

    findings: list[Finding]
    frozen: Frozen | None  # none where an error was found


def prepare(session: Session, settings: Settings, issue: Issue, *, speak: str = "en") -> Prepared:
    """Run the checks and render the issue; reads only. Findings are worded in `speak`."""
    findings = checks.run(session, settings, issue, speak=speak)
    faulty = any(finding.severity == "error" for finding in findings)
    return Prepared(findings, None if faulty else freezing.render(session, settings, issue))


def ask(
    session: Session,
    settings: Settings,
    issue: Issue,
    *,
    editor_id: int | None,
    now: datetime,
    prepared: Prepared | None = None,
) -> None:
    """Freeze a draft and ask the approvers, by letter, to agree; where none is required it is approved at once.

    `prepared` keeps the write transaction short. Raises CheckFailedError with the findings,
    StaleError where the issue was saved since it was prepared, StateError for what is not a draft.
    """
    ready = prepared or prepare(session, settings, issue)
    if ready.frozen is None:
        raise CheckFailedError(ready.findings)
    if not states.move(session, issue, "asked", of=("draft",)):
        raise states.refuse(issue, "be sent for approval")
    freezing.store(session, settings, issue, ready.frozen, now=now)
    _record(session, issue, "asked", "", editor_id=editor_id, now=now)
    if settings.approval.required:
        _write_to_approvers(session, settings, issue, now=now)
    else:
        _approve(session, issue, editor_id=editor_id, now=now)


def give(session: Session, settings: Settings, issue: Issue, *, editor_id: int, now: datetime) -> None:
    """Approve what is frozen.

    Raises NotAllowedError for an editor who is no approver, StateError where nothing is asked or
    where what is stored is no longer what was frozen.
    """
    _require_approver(session, editor_id)
    if issue.state == "asked" and freezing.digest(session, settings, issue) != issue.frozen_hash:
        message = f"Issue {issue.number} or its sender has changed since it was frozen. Ask for approval again."
        raise StateError(message)
    _approve(session, issue, editor_id=editor_id, now=now)


def refuse(session: Session, settings: Settings, issue: Issue, *, editor_id: int, comment: str, now: datetime) -> None:
    """Send the issue back to the editor who asked, with a comment; it is a draft again. Raises as `give` does."""
    _require_approver(session, editor_id)
    asker = next((line.editor_id for line in reversed(history(session, issue)) if line.decision == "asked"), None)
    if not states.move(session, issue, "draft", of=("asked",)):
        raise states.refuse(issue, "be sent back; nobody has asked for approval")
    _record(session, issue, "refused", comment, editor_id=editor_id, now=now)
    editor = session.get(Editor, asker) if asker else None
    if editor is not None:
        _write(session, settings, issue, editor, "refused", now=now, comment=comment)


def history(session: Session, issue: Issue) -> list[Approval]:
    """Return every word on the issue, oldest first."""
    return list(session.scalars(select(Approval).where(Approval.issue_id == issue.id).order_by(Approval.id)))


def _approve(session: Session, issue: Issue, *, editor_id: int | None, now: datetime) -> None:
    if not states.move(session, issue, "approved", of=("asked",)):
        raise states.refuse(issue, "be approved; nobody has asked for it")
    _record(session, issue, "given", "", editor_id=editor_id, now=now)


def _require_approver(session: Session, editor_id: int) -> None:
    editor = session.get(Editor, editor_id)
    if editor is None or editor.disabled_at is not None:
        raise NotAllowedError
    editors.demand(editor, "approver")


def _record(
    session: Session, issue: Issue, decision: str, comment: str, *, editor_id: int | None, now: datetime
) -> None:
    session.add(
        Approval(
            issue_id=issue.id,
            revision=issue.frozen_revision or issue.head,
            frozen_hash=issue.frozen_hash or "",
            editor_id=editor_id,
            decision=decision,
            comment=comment,
            at=now,
        )
    )
    session.flush()
    audit.record(
        session, f"approval {decision}", f"issue {issue.id}", editor_id=editor_id, now=now, hash=issue.frozen_hash
    )


def _write_to_approvers(session: Session, settings: Settings, issue: Issue, *, now: datetime) -> None:
    approvers = select(Editor).where(Editor.role.in_(APPROVERS), Editor.disabled_at.is_(None)).order_by(Editor.id)
    for editor in session.scalars(approvers).all():
        _write(session, settings, issue, editor, "asked", now=now)


def _write(
    session: Session, settings: Settings, issue: Issue, editor: Editor, name: str, *, now: datetime, comment: str = ""
) -> None:
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
