"""Issues as commands name them: by their number."""

from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.cli.state import State
from newsletter.errors import NotFoundError
from newsletter.models import Issue

MOST_ISSUES = 2**31 - 1
"""What a column of the database can hold."""

Number = Annotated[int, typer.Argument(help="The issue's number.", min=1, max=MOST_ISSUES)]


def issue_of(state: State, session: Session, number: int) -> Issue:
    """Return the issue of that number; raise NotFoundError."""
    found = session.scalar(select(Issue).where(Issue.publication_id == state.publication_id, Issue.number == number))
    if found is None:
        message = f"There is no issue {number}. Known: newsletter issue list"
        raise NotFoundError(message)
    return found
