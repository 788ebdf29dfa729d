"""`newsletter series`: issues that make themselves."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from newsletter import editors, series
from newsletter.cli import output
from newsletter.cli.issues import By
from newsletter.cli.state import State
from newsletter.errors import InvalidContentError
from newsletter.series import Rule, standing

app = typer.Typer(no_args_is_help=True)

Which = Annotated[int, typer.Argument(help="The series' number, as `series list` names it.", min=1)]
RuleFile = Annotated[Path, typer.Argument(help="The rule, as TOML; `series show` prints one.", exists=True)]


@app.command("list")
def list_series(context: typer.Context) -> None:
    """List the series and their next day."""
    state: State = context.obj
    with state.reading() as session:
        rows = []
        for one in series.in_order(session, state.publication_id):
            rule = series.rule_of(one)
            ahead = series.upcoming(state.settings, rule, now=state.now(), count=1)
            local = ahead[0].send_at.astimezone(state.settings.office.zone) if ahead else None
            rows.append((one.id, one.state, f"{local:%Y-%m-%d %H:%M}" if local else "", rule.title("en")))
    output.table(("Series", "State", "Next", "Title"), rows)


@app.command()
def show(context: typer.Context, which: Which) -> None:
    """Print a series' rule as JSON, which may be kept, changed and given to `series add`."""
    state: State = context.obj
    with state.reading() as session:
        output.write_json(series.rule_of(series.get(session, which)).model_dump(mode="json", exclude_none=True))


@app.command()
def add(context: typer.Context, path: RuleFile) -> None:
    """Add a series from a TOML or JSON file; it is stopped until it is started."""
    state: State = context.obj
    rule = _rule(path)
    with state.writing() as session:
        made = series.create(session, state.settings, state.publication_id, rule, editor_id=None, now=state.now())
        output.say(f"Series {made.id} is kept. Next: newsletter series start {made.id}")


@app.command()
def start(context: typer.Context, which: Which) -> None:
    """Let a series make issues from now on."""
    state: State = context.obj
    with state.writing() as session:
        series.start(session, series.get(session, which), editor_id=None, now=state.now())
    output.say(f"Series {which} is running.")


@app.command()
def stop(context: typer.Context, which: Which) -> None:
    """Make no more issues of a series."""
    state: State = context.obj
    with state.writing() as session:
        series.stop(session, series.get(session, which), editor_id=None, now=state.now())
    output.say(f"Series {which} is stopped.")


@app.command()
def agree(
    context: typer.Context,
    which: Which,
    by: By,
    *,
    until: Annotated[str, typer.Option(help="The last day on which it counts, as 2027-03-31.")],
) -> None:
    """Agree that issues of a series go out by themselves, as long as its rule and the templates stay as they are."""
    state: State = context.obj
    try:
        last = date.fromisoformat(until)
    except ValueError as error:
        message = f"{until!r} is not a day; write it like 2027-03-31."
        raise InvalidContentError(message) from error
    with state.writing() as session:
        one, settings = series.get(session, which), state.settings
        shown, editor_id = standing.seal(settings, one), editors.by_email(session, by).id
        standing.give(session, settings, one, shown=shown, until=last, editor_id=editor_id, now=state.now())
    output.say(f"Agreed: series {which} until {last}.")


def _rule(path: Path) -> Rule:
    text = path.read_text(encoding="utf-8")
    try:
        if path.suffix == ".json":
            return Rule.model_validate_json(text)
        return Rule.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        message = f"{path} is not valid TOML: {error}."
        raise InvalidContentError(message) from error
    except ValidationError as error:
        told = (f"{path}: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise InvalidContentError("\n".join(told)) from error
