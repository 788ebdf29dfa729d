"""`newsletter story`: the pool on the command line."""

from datetime import timedelta
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from newsletter import proofs, proposals, stories, urls
from newsletter.cli import output
from newsletter.cli.state import State
from newsletter.errors import SettingsError
from newsletter.models import Story

app = typer.Typer(no_args_is_help=True)

MOST_STORIES = 2**31 - 1
"""What a column of the database can hold."""
SHELVES = {"waiting": ("proposed", "accepted"), "used": ("used",), "declined": ("declined",)}

Number = Annotated[int, typer.Argument(help="The story's number in `newsletter story list`.", min=1, max=MOST_STORIES)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]


@app.command("list")
def list_stories(
    context: typer.Context,
    *,
    shelf: Annotated[str, typer.Option(help="waiting, used or declined.")] = "waiting",
    as_json: AsJson = False,
) -> None:
    """List stories with the state of each language, newest first."""
    if shelf not in SHELVES:
        message = f"There is no shelf {shelf!r}; there are {', '.join(SHELVES)}."
        raise SettingsError(message)
    state: State = context.obj
    publication_id, languages = state.publication_id, state.settings.publication.languages
    with state.reading() as session:
        found = stories.entries(session, publication_id, languages, states=SHELVES[shelf])
        rows = [_row(entry) for entry in found]
        shown = [(*list(row.values())[:3], _told(one), row["title"]) for row, one in zip(rows, found, strict=True)]
    if as_json:
        output.write_json(rows)
    else:
        output.table(("No.", "Kind", "State", "Languages", "Title"), shown)


@app.command()
def accept(context: typer.Context, number: Number) -> None:
    """Take a proposed story into the pool and tell those who proposed it."""
    state: State = context.obj
    with state.writing() as session:
        proposals.accept(session, state.settings, _story(session, number), editor_id=None, now=state.now())
    output.say(f"Story {number} is accepted.")


@app.command()
def decline(
    context: typer.Context,
    number: Number,
    reason: Annotated[str, typer.Option(help="A sentence that is mailed to those who proposed it.")] = "",
) -> None:
    """Put a story aside; without a reason nobody is told."""
    state: State = context.obj
    with state.writing() as session:
        proposals.decline(session, state.settings, _story(session, number), reason, editor_id=None, now=state.now())
    output.say(f"Story {number} is declined. Back with: newsletter story reopen {number}")


@app.command()
def reopen(context: typer.Context, number: Number) -> None:
    """Bring a declined or used story back into the pool."""
    state: State = context.obj
    with state.writing() as session:
        stories.reopen(session, _story(session, number), editor_id=None, now=state.now())
    output.say(f"Story {number} is back in the pool.")


@app.command("next-year")
def next_year(context: typer.Context, number: Number) -> None:
    """Make next year's fair of a fair, its dates unknown."""
    state: State = context.obj
    with state.writing() as session:
        made = stories.next_year(session, _story(session, number), editor_id=None, now=state.now())
        output.say(f"Story {made.id} is next year's fair.")


@app.command()
def proof(context: typer.Context, number: Number) -> None:
    """Print a link that shows a story without a log-in until it ends; it cannot be shown again."""
    state: State = context.obj
    settings = state.settings
    with state.writing() as session:
        story = _story(session, number)
        spoken = [one for one in settings.publication.languages if one in stories.content(session, story.id).texts]
        valid_for = timedelta(days=settings.stories.proof_days)
        token = proofs.make(session, story, valid_for=valid_for, now=state.now())
    output.say(urls.proof(settings, spoken[0] if spoken else settings.publication.languages[0], token))


def _story(session: Session, number: int) -> Story:
    return stories.get(session, number)


def _row(entry: stories.Entry) -> dict[str, object]:
    titles = {language: text.title for language, text in entry.content.texts.items()}
    return {
        "number": entry.story.id,
        "kind": entry.content.kind,
        "state": entry.story.state,
        "languages": {language: one.state for language, one in entry.standing.items()},
        "title": next(iter(titles.values()), ""),
    }


def _told(entry: stories.Entry) -> str:
    return ", ".join(f"{language} {one.state}" for language, one in entry.standing.items()).replace("_", " ")
