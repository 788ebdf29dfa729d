"""`newsletter issue check`: what must be mended, what may stand, and how the links are."""

from typing import Annotated

import typer

from newsletter import checks, editors
from newsletter.checks import links
from newsletter.cli import output
from newsletter.cli.numbers import Number, issue_of
from newsletter.cli.state import State
from newsletter.findings import Finding

SHORT = 8
"""So many characters of a fingerprint tell the findings of one issue apart."""
NOT_DONE = 3
"""The exit code for what an error would stop."""

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]
Look = Annotated[bool, typer.Option("--links", help="Look at every link over the network first.")]
Stands = Annotated[list[str], typer.Argument(help="The warnings' numbers as `check` prints them, or 'all'.")]
By = Annotated[str, typer.Option("--by", help="The address of the editor who does this.")]


def check(context: typer.Context, number: Number, *, look: Look = False, as_json: AsJson = False) -> None:
    """Run the checks; exit code 3 where an error would stop the issue."""
    state: State = context.obj
    if look:
        _look(state, number)
    with state.reading() as session:
        issue = issue_of(state, session, number)
        findings = checks.run(session, state.settings, issue)
        waiting = {one.fingerprint for one in checks.unticked(session, issue, findings)}
    if as_json:
        output.write_json(
            [vars(one) | {"ticked": one.severity == "warning" and one.fingerprint not in waiting} for one in findings]
        )
    else:
        show(findings, waiting)
    if any(one.severity == "error" for one in findings):
        raise typer.Exit(NOT_DONE)


def tick(context: typer.Context, number: Number, which: Stands, by: By) -> None:
    """Let warnings of the checks stand, so that approval may be asked for."""
    state: State = context.obj
    with state.reading() as session:
        findings = checks.run(session, state.settings, issue_of(state, session, number))
    named = [one for one in findings if "all" in which or one.fingerprint[:SHORT] in which]
    with state.writing() as session:
        issue = issue_of(state, session, number)
        done = checks.tick(session, issue, named, editor_id=editors.by_email(session, by).id, now=state.now())
        left = len(checks.unticked(session, issue, findings))
    output.say(f"{done} ticked; {left} still to be looked at." if left else f"{done} ticked; none is left.")


def show(findings: list[Finding], waiting: set[str] | None = None) -> None:
    """Print findings as a table; a warning that is in `waiting`, or any where that is not given, shows its number."""
    if not findings:
        output.say("The checks found nothing.")
        return
    rows = [(one.severity, _tick(one, waiting), one.language, one.place, one.message, one.mend) for one in findings]
    output.table(("", "Tick", "Language", "Place", "What", "How to mend"), rows)


def _tick(finding: Finding, waiting: set[str] | None) -> str:
    if finding.severity == "error":
        return ""
    open_still = waiting is None or finding.fingerprint in waiting
    return finding.fingerprint[:SHORT] if open_still else "ticked"


def _look(state: State, number: int) -> None:
    """Look at the issue's links; nothing is open meanwhile."""
    with state.reading() as session:
        targets = links.of(session, issue_of(state, session, number))
    found = links.probe(
        targets,
        agent=links.agent(state.settings),
        seconds=state.settings.checks.link_seconds,
        loopback=state.settings.checks.links_on_this_machine,
    )
    with state.writing() as session:
        links.keep(session, found, now=state.now())
