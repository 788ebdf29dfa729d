"""`newsletter editors`: the people of the office."""

import secrets
from typing import Annotated

import typer
from sqlalchemy import select

from newsletter import editors
from newsletter.cli import output
from newsletter.cli.state import State
from newsletter.models import Editor

app = typer.Typer(no_args_is_help=True)

FromInput = Annotated[bool, typer.Option(help="Read the password from standard input.")]


@app.command()
def add(
    context: typer.Context,
    email: Annotated[str, typer.Argument(help="Their address; they log in with it.")],
    *,
    name: Annotated[str, typer.Option(help="Their name as colleagues see it.")],
    role: Annotated[str, typer.Option(help="editor, approver or admin.")] = "editor",
    language: Annotated[str, typer.Option(help="en or ja.")] = "en",
    password_stdin: FromInput = False,
) -> None:
    """Add an editor; without --password-stdin a password is made up and printed once."""
    state: State = context.obj
    password = _password(typed=password_stdin)
    with state.writing() as session:
        editors.create(
            session, email=email, name=name, role=role, password=password, language=language, now=state.now()
        )
    output.say(f"{name} may log in with {email}.")
    if not password_stdin:
        output.say(f"Password: {password}")


@app.command("list")
def list_editors(context: typer.Context) -> None:
    """List the people who may log in."""
    state: State = context.obj
    with state.reading() as session:
        rows = [(one.email, one.name, one.role) for one in session.scalars(select(Editor).order_by(Editor.email))]
    output.table(("Address", "Name", "Role"), rows)


@app.command()
def password(
    context: typer.Context,
    email: Annotated[str, typer.Argument(help="The address of the editor.")],
    *,
    password_stdin: FromInput = False,
) -> None:
    """Give an editor a new password and end every session they have."""
    state: State = context.obj
    fresh = _password(typed=password_stdin)
    with state.writing() as session:
        editors.change_password(session, editors.by_email(session, email), fresh, now=state.now())
    output.say(f"{email} has a new password and must log in again.")
    if not password_stdin:
        output.say(f"Password: {fresh}")


def _password(*, typed: bool) -> str:
    return typer.get_text_stream("stdin").readline().rstrip("\n") if typed else secrets.token_urlsafe(12)
