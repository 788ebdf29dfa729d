"""`newsletter issue when` and `take-back`: how long an issue takes, and undoing a send time."""

import typer
from sqlalchemy.orm import Session

from newsletter import issues
from newsletter.cli import output
from newsletter.cli.numbers import Number, issue_of
from newsletter.cli.state import State
from newsletter.errors import StateError
from newsletter.issues import departure, foretelling
from newsletter.models import Issue


def when(context: typer.Context, number: Number) -> None:
    """Say from when to about when the mail of a scheduled issue leaves, and what decides that."""
    state: State = context.obj
    with state.reading() as session:
        issue = issue_of(state, session, number)
        if issue.state not in ("scheduled", "sending"):
            message = f"Issue {number} is {issue.state}; it has no send time."
            raise StateError(message)
        lines = foretold(session, state, issue)
    for line in lines or [f"Nobody gets issue {number} by mail."]:
        output.say(line)


def take_back(context: typer.Context, number: Number) -> None:
    """Take a scheduled issue back before anything of it has left; it stays approved."""
    state: State = context.obj
    with state.writing() as session:
        issues.unschedule(session, issue_of(state, session, number), now=state.now(), editor_id=None)
    output.say(f"Issue {number} is taken back: nothing has left, and it is still approved.")


def foretold(session: Session, state: State, issue: Issue) -> list[str]:
    """Return the prediction in English sentences; none where nobody gets it."""
    span = departure.planned(session, state.settings, issue, now=state.now())
    return foretelling.sentences(span, state.settings.office.zone, "en") if span else []
