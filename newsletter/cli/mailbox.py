"""`newsletter mailbox`: letters from files or from a mail server's pipe, read as those of the mailbox are."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import OperationalError

from jobs.tasks import mailbox
from newsletter.cli import output
from newsletter.cli.state import State
from subscribers.mailbox.verdict import Verdict

app = typer.Typer(no_args_is_help=True)

MOST_BYTES = 64 * 2**20
TRY_AGAIN = 75
"""What a mail server understands as "keep the letter and come again" (EX_TEMPFAIL of sysexits)."""


@app.callback()
def group() -> None:
    """Letters that arrive for the office."""


@app.command()
def receive(
    context: typer.Context,
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files of one letter each; none: standard input.", metavar="[FILE]...")
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing; say what would be done.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a line of JSON for each letter.")] = False,
) -> None:
    """Do what letters ask: subscribe, leave, confirm, hold a dead address. For an MTA's pipe, or for files.

    The same letter twice is done once. Exit code 75 asks the mail server to come again: the
    database could not be reached. Exit code 3: a file could not be read; the others were dealt with.
    """
    state: State = context.obj
    missed = False
    for name, raw in _letters(paths or []):
        if raw is None:
            missed = True
            continue
        verdict = mailbox.look_at(state.settings, raw)
        action = verdict.action if dry_run else _carry_out(state, raw)
        _tell(name, verdict, action, as_json=as_json)
    if missed:
        raise typer.Exit(3)


def _letters(paths: list[Path]) -> Iterator[tuple[str, bytes | None]]:
    if not paths:
        yield "-", sys.stdin.buffer.read(MOST_BYTES)
    for path in paths:
        try:
            with path.open("rb") as file:
                yield str(path), file.read(MOST_BYTES)
        except OSError as error:
            output.complain(f"{path} cannot be read: {error.strerror}.")
            yield str(path), None


def _carry_out(state: State, raw: bytes) -> str:
    try:
        return mailbox.carry_out(state.deps, raw)
    except OperationalError:
        output.complain("The database could not be reached; nothing was done.")
        raise typer.Exit(TRY_AGAIN) from None


def _tell(name: str, verdict: Verdict, action: str, *, as_json: bool) -> None:
    if as_json:
        recipients = [
            {"address": one.address, "reason": one.reason, "status": one.status, "reply": one.reply, "hard": one.hard}
            for one in verdict.recipients
        ]
        told = {"file": name, "kind": verdict.kind, "recipients": recipients, "action": action, "why": verdict.why}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    else:
        output.say(f"{name}: {verdict.kind}, {action}" + (f" ({verdict.why})" if verdict.why else ""))
