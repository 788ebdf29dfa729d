"""`newsletter editors`: the people of the office."""

import secrets
from typing import Annotated

import typer

from newsletter import database, editors
from newsletter.cli import output
from newsletter.cli.state import State

app = typer.Typer(no_args_is_help=True)


@app.command()
def add(
    context: typer.Context,
    email: Annotated[str, typer.Argument(help="Their address; they log in with it.")],
    *,
    name: Annotated[str, typer.Option(help="Their name as colleagues see it.")],
    role: Annotated[str, typer.Option(help="editor, approver or admin.")] = "editor",
    language: Annotated[str, typer.Option(help="en or ja.")] = "en",
    password_stdin: Annotated[bool, typer.Option(help="Read the password from standard input.")] = False,
) -> None:
    """Add an editor; without --password-stdin a password is made up and printed once."""
    state: State = context.obj
    password = typer.get_text_stream("stdin").readline().rstrip("\n") if password_stdin else secrets.token_urlsafe(12)
    with database.writing(state.engine) as session:
        editors.create(
            session, email=email, name=name, role=role, password=password, language=language, now=state.now()
        )
    output.say(f"{name} may log in with {email}.")
    if not password_stdin:
        output.say(f"Password: {password}")
