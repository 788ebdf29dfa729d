"""`newsletter correction`: put right what readers were told."""

from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import corrections, editors
from newsletter.cli import numbers, output
from newsletter.cli.issues import By
from newsletter.cli.numbers import Number
from newsletter.cli.state import State
from newsletter.errors import CheckFailedError, InvalidContentError
from newsletter.models import Correction, Issue

app = typer.Typer(no_args_is_help=True)

Which = Annotated[int, typer.Argument(help="The correction's number, as `correction list` names it.", min=1)]


@app.command("list")
def list_corrections(context: typer.Context) -> None:
    """List corrections, and the stories that have changed since readers were told them."""
    state: State = context.obj
    with state.reading() as session:
        known = select(Correction, Issue).join(Issue, Issue.id == Correction.issue_id).order_by(Correction.id)
        rows = [(one.id, issue.number, one.state, _titles(session, one)) for one, issue in session.execute(known).all()]
        offers = [
            (offer.issue.number, story.story_id, story.called_off or "changed", _title(story))
            for offer in corrections.offers(session, state.publication_id)
            for story in offer.stories
        ]
    output.table(("Correction", "Issue", "State", "Stories"), rows)
    if offers:
        output.say("Changed since readers were told:")
        output.table(("Issue", "Story", "How", "Title"), offers)


@app.command()
def begin(
    context: typer.Context,
    number: Number,
    *,
    story: Annotated[list[int], typer.Option(help="The story's number; may be given several times.")],
    note: Annotated[
        list[str] | None, typer.Option(help="LANGUAGE=what was wrong; else made from what has changed.")
    ] = None,
) -> None:
    """Begin a correction: what is still to be sent of the issue pauses at once."""
    state: State = context.obj
    with state.writing() as session:
        issue = numbers.issue_of(state, session, number)
        held = [one for one in corrections.changed(session, issue) if one.story_id in story]
        notes = corrections.suggest([one for one in held if one.differs], state.settings.publication.languages)
        notes |= dict(_note(one) for one in note or ())
        begun = corrections.begin(session, state.settings, issue, story, notes, editor_id=None, now=state.now())
        output.say(f"Correction {begun.id} is begun. Next: newsletter correction approve {begun.id} --by ADDRESS")
        for language, said in corrections.notes_of(begun).items():
            output.say(f"  {language}: {said}")


@app.command()
def approve(context: typer.Context, which: Which, by: By) -> None:
    """Check, freeze and approve a correction in the next seat; it goes out once all seats have agreed."""
    state: State = context.obj
    with state.writing() as session:
        _take_as_saved(state, session, corrections.get(session, which))
    with state.reading() as session:  # rendering takes seconds and must not hold the write lock
        correction = corrections.get(session, which)
        draft = correction.state == "draft"
        prepared = corrections.prepare(session, state.settings, correction, now=state.now()) if draft else None
    try:
        with state.writing() as session:
            correction, now = corrections.get(session, which), state.now()
            if prepared is not None:
                corrections.ask(session, state.settings, correction, prepared, editor_id=None, now=now)
            if correction.state == "asked":
                shown, editor_id = correction.frozen_hash or "", editors.by_email(session, by).id
                corrections.give(session, state.settings, correction, shown=shown, editor_id=editor_id, now=now)
            found = corrections.reach(session, correction)
    except CheckFailedError as error:
        for finding in error.findings:
            output.say(f"{finding.severity}: {finding.place}: {finding.message} {finding.mend}")
        raise typer.Exit(3) from error
    output.say(
        f"Correction {which} is {correction.state}. Told by a short mail: {found.told:,} people;"
        f" get the right words at once: {found.waiting:,} people."
    )


@app.command()
def drop(context: typer.Context, which: Which) -> None:
    """Give up a correction that is not asked for yet; a paused issue stays paused."""
    state: State = context.obj
    with state.writing() as session:
        corrections.drop(session, corrections.get(session, which), editor_id=None, now=state.now())
    output.say(f"Correction {which} is given up.")


def _take_as_saved(state: State, session: Session, correction: Correction) -> None:
    """Take stories that were put right after the correction was begun, with a first wording where there is none."""
    if correction.state == "draft":
        notes, chosen = corrections.wanting(session, correction), corrections.stories_of(correction)
        base, now = correction.version, state.now()
        corrections.save(session, state.settings, correction, chosen, notes, base=base, editor_id=None, now=now)


def _note(written: str) -> tuple[str, str]:
    language, equals, said = written.partition("=")
    if not equals or not said.strip():
        message = f"{written!r} is no note; write it like en='The dates were wrong.'"
        raise InvalidContentError(message)
    return language.strip(), said


def _titles(session: Session, correction: Correction) -> str:
    issue = session.get_one(Issue, correction.issue_id)
    chosen = corrections.stories_of(correction)
    return ", ".join(_title(one) for one in corrections.changed(session, issue) if one.story_id in chosen)


def _title(story: corrections.Changed) -> str:
    return next((text.title for text in story.now.texts.values()), "")
