"""The commands' table of contents, the one global option, and how errors end.

Exit codes: 0 done; 1 could not be done, with one sentence on standard error;
2 wrong usage; 3 done in part (some rows or checks failed, each named).
"""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import OperationalError

from newsletter.cli import (
    archive,
    backup,
    corrections,
    demo,
    dkim,
    doctor,
    editors,
    issues,
    mailbox,
    move,
    output,
    relay,
    restore,
    series,
    serve,
    stories,
    subscribers,
)
from newsletter.cli.state import State, settings_path
from newsletter.errors import NewsletterError
from subscribers.errors import SubscriberError

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="One office's newsletter and Facebook page: subscribe, compose, approve, send, archive, post.",
)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("work")(serve.work)
app.command("tick")(serve.tick)
app.command("doctor")(doctor.doctor)
app.command("backup")(backup.backup)
app.command("restore")(restore.restore)
app.add_typer(move.app, name="move", help="Hand the installation over to another server.")
app.add_typer(subscribers.app, name="subscribers", help="Import, export, show and erase subscribers.")
app.add_typer(issues.app, name="issue", help="From a folder of stories to a closing report.")
app.add_typer(corrections.app, name="correction", help="Put right what readers were told.")
app.add_typer(series.app, name="series", help="Issues that make themselves.")
app.add_typer(archive.app, name="archive", help="The public pages: as files, and how often they are read.")
app.add_typer(stories.app, name="story", help="The pool of stories: what waits, proofs, next year's fairs.")
app.add_typer(mailbox.app, name="mailbox", help="Letters that arrive for the office.")
app.add_typer(dkim.app, name="dkim", help="Sign our own mail: keys, and what the DNS must say of them.")
app.add_typer(relay.app, name="relay", help="The mail server that carries our mail.")
app.add_typer(editors.app, name="editors", help="The people of the office.")


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with the option's value
    if wanted:
        output.say(version("office-newsletter"))
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    *,
    config: Annotated[
        Path | None, typer.Option(help="The settings file; otherwise NEWSLETTER_CONFIG, ./config.toml, or the sample.")
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take the options that stand before every command."""
    context.obj = State(settings_path(config))


def main() -> None:
    """Run the command line; an expected error is one sentence and exit code 1, never a traceback."""
    try:
        app()
    except (NewsletterError, SubscriberError) as error:
        output.complain(str(error))
        sys.exit(1)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        output.complain(f"{place}{error.strerror or error}. Nothing more was done.")
        sys.exit(1)
    except OperationalError as error:
        output.complain(f"The database does not answer: {str(error.orig).splitlines()[0]}. Nothing more was done.")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
