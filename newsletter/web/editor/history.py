"""What an issue said at another time: its saved states, the difference between two, and the way back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Form
from sqlalchemy.orm import Session
from starlette.responses import Response

from newsletter import issues, revisions
from newsletter.errors import NotFoundError
from newsletter.issues import Group, states
from newsletter.models import Issue
from newsletter.revisions import Version
from newsletter.web.dependencies import Reading, Writing
from newsletter.web.editor import route
from newsletter.web.editor.desk import AtDesk, Desk

PAGE = 20
"""States on one page of the history."""
MOST = 4
"""Changes that are named beside a state."""

router = route.router()


@dataclass(frozen=True)
class Entry:
    """One saved state, and what it changed in a few words."""

    version: Version
    said: list[str]
    further: int  # changes that are not named


@router.get("/issues/{issue_id:int}/history")
def show(at: AtDesk, session: Reading, issue_id: int, before: int | None = None) -> Response:
    """List the saved states, newest first."""
    issue = issues.get(session, issue_id)
    found = issues.history(session, issue, before=before, limit=PAGE + 1)
    shown = found[:PAGE]
    return at.page(
        "history",
        issue=issue,
        entries=[_entry(at, session, issue, one) for one in shown],
        older=shown[-1].number if len(found) > PAGE else None,
        head=issue.head,
    )


@router.get("/issues/{issue_id:int}/history/compare")
def compare(at: AtDesk, session: Reading, issue_id: int, old: int = 0, new: int = 0) -> Response:
    """Show what changed from one state to another, whichever of the two is older."""
    issue = issues.get(session, issue_id)
    before, after = sorted((_number(issue, old), _number(issue, new)))
    groups = issues.compare(session, at.context.settings, issue, before, after, say=at.language)
    return at.page(
        "difference",
        issue=issue,
        before=before,
        after=after,
        groups=groups,
        may_restore=issue.state in states.OPEN and before != issue.head,
    )


@router.post("/issues/{issue_id:int}/history/{number:int}/restore")
def restore(at: AtDesk, session: Writing, issue_id: int, number: int, base: Annotated[int, Form()]) -> Response:
    """Make an earlier state the newest one."""
    issue = issues.get(session, issue_id)
    issues.restore(session, issue, _number(issue, number), base=base, editor_id=at.editor.id, now=at.now)
    return at.go(at.links.issue(issue_id, "compose", done="restored"))


def _entry(at: Desk, session: Session, issue: Issue, version: Version) -> Entry:
    if version.number == 1:
        return Entry(version, [at.words("history.first")], 0)
    groups = issues.compare(session, at.context.settings, issue, version.number - 1, version.number, say=at.language)
    said = [sentence for group in groups for sentence in _said(at, group)]
    return Entry(version, said[:MOST] or [at.words("history.same")], max(0, len(said) - MOST))


def _said(at: Desk, group: Group) -> Sequence[str]:
    if group.story_id is not None:
        return [at.words(f"history.{group.fate}_story", title=group.title)]
    say = revisions.words_of(at.language)
    return [revisions.place(change.path, say) for change in group.changes]


def _number(issue: Issue, number: int) -> int:
    if not 0 < number <= issue.head:
        raise NotFoundError
    return number
