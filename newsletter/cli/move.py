"""`newsletter move`: hand the installation over to another server."""

from typing import Annotated

import typer

from newsletter import journal, restoring
from newsletter.cli import output
from newsletter.cli.state import State

app = typer.Typer(no_args_is_help=True)


@app.command("out")
def move_out(context: typer.Context) -> None:
    """Stop sending and posting here for good. Then copy the data folder and the journal to the other server."""
    state: State = context.obj
    with state.writing() as session:
        restoring.move_out(session, now=state.now())
    output.say("Nothing is sent or posted from here any more.")
    output.say(f"Copy {state.settings.data_folder}, {state.settings.journal_folder} and {state.path} to the other")
    output.say("server, and run there: newsletter move in")


@app.command("in")
def move_in(
    context: typer.Context,
    *,
    old_server_is_off: Annotated[
        bool, typer.Option(help="It could not be moved out, and will never send again.")
    ] = False,
) -> None:
    """Take over: from now on this server sends and posts."""
    state: State = context.obj
    witness = journal.attach(state.engine, state.settings, state.keys)
    with state.writing() as session:
        restoring.move_in(session, witness, old_is_off=old_server_is_off, now=state.now())
    output.say("This server sends and posts from now on. Start it: newsletter serve")
