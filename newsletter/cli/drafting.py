"""`newsletter issue new`, `copy`, `history` and `diff`: how an issue begins, and what it said at another time."""

from typing import Annotated

import typer
from sqlalchemy.orm import Session

from newsletter import issues
from newsletter.cli import output
from newsletter.cli.numbers import MOST_ISSUES, Number, issue_of
from newsletter.cli.state import State
from newsletter.issues import Group
from newsletter.models import Issue
from newsletter.revisions import Change

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]
Revision = Annotated[int | None, typer.Argument(min=1, max=MOST_ISSUES, show_default=False)]


def new(
    context: typer.Context,
    outline: Annotated[str, typer.Option(help="The name of a file in templates/outlines.")] = "monthly",
) -> None:
    """Begin an issue from an outline; accepted stories of the pool are chosen as the outline says."""
    state: State = context.obj
    publication_id, settings = state.publication_id, state.settings
    with state.writing() as session:
        begun = issues.outline(outline)
        made = issues.begin(session, settings, publication_id, begun, editor_id=None, now=state.now())
        _say_begun(session, made)


def copy(context: typer.Context, number: Number) -> None:
    """Begin an issue that says what another says, with the newest words of its stories and no send time."""
    state: State = context.obj
    with state.writing() as session:
        source = issue_of(state, session, number)
        _say_begun(session, issues.copy(session, state.settings, source, editor_id=None, now=state.now()))


def history(context: typer.Context, number: Number, *, as_json: AsJson = False) -> None:
    """List the saved states of an issue, newest first."""
    state: State = context.obj
    with state.reading() as session:
        issue = issue_of(state, session, number)
        versions = issues.history(session, issue)
        frozen = issue.frozen_revision
    rows = [
        {"revision": one.number, "editor": one.editor, "at": one.at, "frozen": one.number == frozen} for one in versions
    ]
    if as_json:
        output.write_json(rows)
        return
    zone = state.settings.office.zone
    output.table(
        ("Revision", "Saved", "By", ""),
        [
            (one.number, f"{one.at.astimezone(zone):%Y-%m-%d %H:%M}", one.editor, "frozen" * (one.number == frozen))
            for one in versions
        ],
    )


def diff(
    context: typer.Context, number: Number, before: Revision = None, after: Revision = None, *, as_json: AsJson = False
) -> None:
    """Show what changed between two saved states, in words; without numbers between the last two."""
    state: State = context.obj
    with state.reading() as session:
        issue = issue_of(state, session, number)
        new_one = after or issue.head
        old_one = before or max(new_one - 1, 1)
        groups = issues.compare(session, state.settings, issue, old_one, new_one, say="en")
    if as_json:
        output.write_json([_as_dict(group) for group in groups])
        return
    output.say(f"Issue {number}, from revision {old_one} to revision {new_one}:")
    for line in [line for group in groups for line in _lines(group)] or ["No difference."]:
        output.say(line)


def _say_begun(session: Session, made: Issue) -> None:
    held = len(issues.content(session, made).stories)
    told = "1 story" if held == 1 else f"{held} stories"
    output.say(f"Issue {made.number} is a draft now, with {told}. Next: write it at the desk.")


def _as_dict(group: Group) -> dict[str, object]:
    return {
        "story": group.story_id,
        "title": group.title,
        "fate": group.fate,
        "changes": [
            {"field": ".".join(one.path), "place": one.place, "before": one.before, "after": one.after}
            for one in group.changes
        ],
    }


def _lines(group: Group) -> list[str]:
    heading = "The issue" if group.story_id is None else f"{group.title}: {_fate(group)}"
    return ["", heading, *(line for change in group.changes for line in _told(change))]


def _fate(group: Group) -> str:
    return {"changed": "changed", "added": "added", "gone": "taken out"}[group.fate]


def _told(change: Change) -> list[str]:
    language = f" ({change.language})" if change.language else ""
    old = [f"    - {line}" for line in change.before.splitlines()]
    new_lines = [f"    + {line}" for line in change.after.splitlines()]
    return [f"  {change.place}{language}", *old, *new_lines]
