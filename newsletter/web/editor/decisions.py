"""Asking for approval, giving it, sending an issue back, taking the question back."""

from typing import Annotated

from fastapi import Form
from starlette.responses import Response

from newsletter import approvals, database, issues
from newsletter.approvals import mailing
from newsletter.errors import CheckFailedError, StaleError
from newsletter.web.dependencies import Writing
from newsletter.web.editor import issues as issue_pages
from newsletter.web.editor import route
from newsletter.web.editor.desk import AtDesk, Desk

router = route.router()


@router.post("/issues/{issue_id:int}/ask")
def ask(at: AtDesk, issue_id: int) -> Response:
    """Check the issue and freeze it for approval, or show what must be mended.

    Checking and rendering take their time on a snapshot; only storing the result holds the write lock.
    """
    settings = at.context.settings
    with database.reading(at.context.engine) as session:
        issue = issues.get(session, issue_id)
        prepared = approvals.prepare(session, settings, issue, speak=at.language)
    try:
        with database.writing(at.context.engine) as session:
            issue = issues.get(session, issue_id)
            approvals.ask(session, settings, issue, editor_id=at.editor.id, now=at.now, prepared=prepared)
            done = "asked" if issue.state == "asked" else "given"
    except CheckFailedError as error:
        with database.reading(at.context.engine) as session:
            return issue_pages.page(
                at, session, issues.get(session, issue_id), findings=error.findings, wrong="findings"
            )
    _tell(at, issue_id)
    return at.go(at.links.issue(issue_id, done=done))


@router.post("/issues/{issue_id:int}/give")
def give(at: AtDesk, issue_id: int, shown: Annotated[str, Form()]) -> Response:
    """Approve exactly what the approver was shown: `shown` is the hash of it."""
    with database.writing(at.context.engine) as session:
        issue = issues.get(session, issue_id)
        if issue.frozen_hash != shown:
            raise StaleError
        approvals.give(session, at.context.settings, issue, editor_id=at.editor.id, now=at.now, shown=shown)
        done = "given" if issue.state == "approved" else "agreed"
    _tell(at, issue_id)
    return at.go(at.links.issue(issue_id, done=done))


@router.post("/issues/{issue_id:int}/refuse")
def refuse(at: AtDesk, session: Writing, issue_id: int, comment: Annotated[str, Form()] = "") -> Response:
    """Send the issue back with a sentence about what should change."""
    issue = issues.get(session, issue_id)
    if not comment.strip():
        return issue_pages.page(at, session, issue, wrong="comment")
    approvals.refuse(session, at.context.settings, issue, editor_id=at.editor.id, comment=comment.strip(), now=at.now)
    return at.go(at.links.issue(issue_id, done="refused"))


@router.post("/issues/{issue_id:int}/take-back")
def take_back(at: AtDesk, session: Writing, issue_id: int) -> Response:
    """Ask nobody any more: the issue is a draft again."""
    approvals.take_back(session, issues.get(session, issue_id), editor_id=at.editor.id, now=at.now)
    return at.go(at.links.issue(issue_id, done="taken_back"))


def _tell(at: Desk, issue_id: int) -> None:
    """Write to whoever decides next at once; what fails here the clock does in a moment."""
    settings = at.context.settings
    with database.reading(at.context.engine) as session:
        due = mailing.due(session, settings, now=at.now, issue_id=issue_id)
    for letter in due:
        with database.writing(at.context.engine) as session:
            mailing.send(session, settings, letter, now=at.now)
