"""`newsletter archive`: the public pages as files, and how often they are read."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.archive import shelf, views
from newsletter.cli import output
from newsletter.cli.state import State
from newsletter.models import Issue
from newsletter.web import inside

app = typer.Typer(no_args_is_help=True)


@app.command("export")
def write_files(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The folder; only changed files are written.", metavar="DIR")],
) -> None:
    """Write the whole public archive as files, for another web server or to open from the folder itself."""
    state: State = context.obj
    done = inside.write_archive(state.context, folder)
    output.say(f"{done.files} files in {folder}: {done.changed} written, {done.removed} removed.")


@app.command("views")
def show_views(
    context: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print for a program.")] = False,
) -> None:
    """Show how often each issue's page was looked at; nothing is known about who looked."""
    state: State = context.obj
    rows: list[dict[str, object]] = []
    with state.reading() as session:
        listed = {
            entry.slug: entry
            for language in state.settings.publication.languages
            for entry in shelf.entries(session, state.publication_id, language)
        }
        for entry in sorted(listed.values(), key=lambda each: -each.number):
            issue = session.query(Issue).filter_by(slug=entry.slug).one()
            rows.append({"issue": entry.number, **views.of_issue(session, state.settings, issue)})
    if as_json:
        output.write_json(rows)
    else:
        spoken = state.settings.publication.languages
        output.table(("Issue", *spoken), [[row["issue"], *(row[each] for each in spoken)] for row in rows])
