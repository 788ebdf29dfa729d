"""`newsletter editors`: the people of the office."""

import secrets
from datetime import date
from typing import Annotated

import typer
from sqlalchemy import select

from newsletter import editors
from newsletter.cli import output
from newsletter.cli.state import State
from newsletter.errors import EditorError
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
        known = session.scalars(select(Editor).order_by(Editor.email))
        rows = [(one.email, one.name, one.role, _absence(one)) for one in known]
    output.table(("Address", "Name", "Role", "Away"), rows)


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


@app.command()
def away(
    context: typer.Context,
    email: Annotated[str, typer.Argument(help="The address of the editor.")],
    *,
    first: Annotated[str, typer.Option("--from", help="The first day, like 2026-12-24; without it today.")] = "",
    last: Annotated[str, typer.Option("--until", help="The last day; without it until further notice.")] = "",
    back: Annotated[bool, typer.Option("--back", help="They are here again.")] = False,
) -> None:
    """Keep an editor's absence: a deputy is asked in their place."""
    state: State = context.obj
    now = state.now()
    since = None if back else _day(first) if first else now.astimezone(state.settings.office.zone).date()
    until = _day(last) if last and not back else None
    with state.writing() as session:
        editor = editors.by_email(session, email)
        editors.keep_absence(session, editor, since, until, by=None, now=now)
        days = f"from {since} {f'until {until}' if until else 'until further notice'}"
        output.say(f"{editor.name} is away {days}." if since else f"{editor.name} is here.")


def _absence(editor: Editor) -> str:
    if editor.away_from is None:
        return ""
    return f"{editor.away_from} to {editor.away_until}" if editor.away_until else f"from {editor.away_from}"


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        message = f"{written!r} is not a day; write it like 2026-12-24."
        raise EditorError("away_day", message) from error


def _password(*, typed: bool) -> str:
    return typer.get_text_stream("stdin").readline().rstrip("\n") if typed else secrets.token_urlsafe(12)
