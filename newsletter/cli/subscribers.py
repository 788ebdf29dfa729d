"""`newsletter subscribers`: import, export, show, erase."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress
from sqlalchemy.orm import Session

from newsletter import erasure, words
from newsletter.cli import output
from newsletter.cli.state import State
from newsletter.errors import NotFoundError
from subscribers import address, bits, consent, languages, lifecycle
from subscribers.consent import Evidence
from subscribers.errors import TransferError
from subscribers.models import Subscription
from subscribers.transfer import cells, exporting, importing
from subscribers.transfer.importing import Result, Table

app = typer.Typer(no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]
AddressArgument = Annotated[str, typer.Argument(help="Their e-mail address.", metavar="ADDRESS")]


@app.command("import")
def import_file(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="A CSV file in any usual encoding.", metavar="FILE", exists=True)],
    *,
    basis: Annotated[str, typer.Option(help="Evidence of consent for the whole file, in a sentence.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing; say what would happen.")] = False,
    reject: Annotated[Path | None, typer.Option(help="Write the rows not taken to this file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Take subscribers over from a file; exit code 3 where a row was not taken.

    Each row needs evidence of consent: a column "consent", or --basis for the file.
    Whoever left, bounced, complained or was erased does not come back.
    """
    state: State = context.obj
    table = importing.read(path)
    if reject:
        _see_that_it_can_be_written(reject)
    result = _import(state, table, basis=basis, dry_run=dry_run)
    reasons = words.load("transfer", "en")
    if reject and result.refused:
        sentences = {reason: reasons(reason) for reason in importing.REASONS}
        cells.write(reject, importing.rejects(table.header, result.refused, sentences))
    counts = Counter(rejected.reason for rejected in result.refused)
    if as_json:
        kept = {"added": result.added, "changed": result.changed, "unchanged": result.unchanged}
        output.write_json({**kept, "refused": dict(counts), "dry_run": dry_run})
    else:
        _tell(result, counts, table, dry_run=dry_run)
    if result.refused:
        raise typer.Exit(3)


@app.command("export")
def export_file(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="Where to write the CSV file.", metavar="FILE")],
    *,
    every_state: Annotated[bool, typer.Option("--all", help="Also those who are not active.")] = False,
) -> None:
    """Write the active subscribers to a CSV file that is safe to open in a spreadsheet."""
    state: State = context.obj
    states = ("pending", "active", "paused", "held", "filtered", "left") if every_state else ("active",)
    publication_id = state.publication_id
    with state.reading() as session:
        known = bits.load(session, publication_id)
        count = cells.write(path, exporting.rows(session, publication_id, known, states=states))
    output.say(f"{count - 1:,} subscribers written to {path}.")


@app.command()
def show(context: typer.Context, email: AddressArgument, *, as_json: AsJson = False) -> None:
    """Print one person's state and their story in the consent ledger."""
    state: State = context.obj
    publication_id = state.publication_id
    with state.reading() as session:
        subscription = _find(session, publication_id, email)
        person = subscription.subscriber
        known = bits.load(session, publication_id)
        entries = consent.story(session, person.subject)
        facts = {
            "address": person.email,
            "name": person.name,
            "state": subscription.state,
            "since": f"{subscription.state_at.astimezone(state.settings.office.zone):%Y-%m-%d %H:%M}",
            "language": languages.wish(person.language, person.second_language),
            "country": person.country,
            "topics": known.topic_keys(subscription.topics),
            "interests": known.country_codes(subscription.interests),
        }
    if as_json:
        output.write_json({**facts, "ledger": [vars(entry) for entry in entries]})
        return
    output.table(
        ("", ""), [(name, ", ".join(fact) if isinstance(fact, list) else fact) for name, fact in facts.items()]
    )
    output.say("")
    output.table(
        ("When", "What", "How"),
        [(f"{entry.at:%Y-%m-%d %H:%M}", entry.event, _how(entry)) for entry in entries],
    )


@app.command()
def erase(
    context: typer.Context,
    email: AddressArgument,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Forget a person for good: address, name, evidence, letters. Their address stays barred as a keyed hash."""
    state: State = context.obj
    publication_id = state.publication_id
    if not yes:
        typer.confirm(f"Erase {email}? This cannot be taken back.", abort=True)
    with state.writing() as session:
        person = _find(session, publication_id, email).subscriber
        erasure.erase(session, person, keys=state.keys, evidence=Evidence(method="staff"), now=state.now())
    output.say("Erased. The ledger still proves that there was consent, without saying whose.")


def _see_that_it_can_be_written(reject: Path) -> None:
    # Before the import: afterwards the rows that were not taken could be told to nobody.
    try:
        reject.open("a", encoding="utf-8").close()
    except OSError as error:
        message = f"{reject} cannot be written: {error.strerror}. Nothing was imported."
        raise TransferError(message) from error


def _import(state: State, table: Table, *, basis: str, dry_run: bool) -> Result:
    publication = state.settings.publication
    mapping = importing.guess(table.header, languages=publication.languages)
    total, seen, publication_id = Result(), set[str](), state.publication_id
    with state.reading() as session:
        known = bits.load(session, publication_id)
    with Progress(console=output.complaints, transient=True, disable=not output.complaints.is_terminal) as progress:
        task = progress.add_task("Importing", total=sum(1 for _ in table.rows))
        for rows in importing.batches(table.rows):
            with state.writing() as session:
                result = importing.apply(
                    session,
                    publication_id,
                    rows,
                    mapping=mapping,
                    bits=known,
                    evidence=Evidence(method="import", note=table.path.name, actor="command line"),
                    basis=basis,
                    suppression_key=state.keys.suppression,
                    now=state.now(),
                    seen=seen,
                )
                if dry_run:
                    session.rollback()
            total.add(result)
            progress.advance(task, len(rows))
    return total


def _tell(result: Result, counts: Counter[str], table: Table, *, dry_run: bool) -> None:
    would = "Would be added" if dry_run else "Added"
    output.say(f"Read {table.path.name} as {table.encoding}.")
    output.say(f"{would}: {result.added:,}. Changed: {result.changed:,}. As before: {result.unchanged:,}.")
    if counts:
        output.say(f"Not taken: {len(result.refused):,}.")
        reasons = words.load("transfer", "en")
        output.table(("Rows", "Why"), [(count, reasons(reason)) for reason, count in counts.most_common()])


def _find(session: Session, publication_id: int, email: str) -> Subscription:
    found = lifecycle.find(session, publication_id, address.parse(email))
    if found is None:
        message = f"Nobody with the address {email} is known."
        raise NotFoundError(message)
    return found


def _how(entry: consent.Entry) -> str:
    if entry.payload is None:
        return "forgotten"
    evidence = entry.payload.get("evidence", {})
    return ", ".join(f"{name} {value}" for name, value in evidence.items() if value)
