"""The one way an issue changes its state: a guarded update whose row count decides."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CursorResult, Update, update
from sqlalchemy.orm import Session

from newsletter.errors import StateError
from newsletter.models import Issue

OPEN = ("draft", "asked", "approved", "scheduled")
"""Nothing has been released: words may still change."""
LIVE = (*OPEN, "sending")


def move(session: Session, issue: Issue, to: str, *, of: Sequence[str], **values: Any) -> bool:
    """Set the state to `to` if it is one of `of`, with further columns; return whether it was.

    The row is held to the end of the transaction, so whoever comes second sees the new state.
    """
    return put(session, issue, update(Issue).where(Issue.state.in_(of)).values(state=to, **values))


def put(session: Session, issue: Issue, change: Update) -> bool:
    """Run a guarded update of this issue and read it again; return whether it matched."""
    matched = execute(session, change.where(Issue.id == issue.id))
    session.refresh(issue)
    return matched == 1


def execute(session: Session, change: Update) -> int:
    """Run an update and return the number of rows it matched."""
    result = session.execute(change, execution_options={"synchronize_session": False})
    return result.rowcount if isinstance(result, CursorResult) else 0


def refuse(issue: Issue, wish: str) -> StateError:
    """Return the error that says why `wish` ("be scheduled") is not possible."""
    return StateError(f"Issue {issue.number} is {issue.state} and cannot {wish}.")
