"""`newsletter doctor`: look at everything that a send depends on."""

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import text

from jobs.tasks.mailbox import account_of
from newsletter import journal
from newsletter.cli import advice, output
from newsletter.cli.state import State
from newsletter.config import RelaySettings
from newsletter.delivery import opening
from newsletter.errors import NewsletterError
from newsletter.message.dkim import keyfiles, published, records, seal
from newsletter.social import facebook
from subscribers.errors import SubscriberError
from subscribers.mailbox import fetch

LITTLE_DISK_BYTES = 500_000_000


@dataclass(frozen=True)
class Health:
    """What was found of one thing; `state` is good, off or bad."""

    thing: str
    state: str
    sentence: str


def doctor(
    context: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Look at settings, data folder, database, relay, mailbox and page; exit code 3 where something is bad."""
    state: State = context.obj
    _ = state.settings  # without them nothing else can be looked at
    found = list(_examine(state))
    if as_json:
        output.write_json([asdict(health) for health in found])
    else:
        output.table(("", "What", ""), [(health.state, health.thing, health.sentence) for health in found])
    if any(health.state == "bad" for health in found):
        raise typer.Exit(3)


def _examine(state: State) -> Iterator[Health]:
    examinations: dict[str, Callable[[State], Health]] = {
        "settings": _settings,
        "data folder": _data_folder,
        "database": _database,
        "journal": _journal,
        "relay": _relay,
        "DKIM": _signature,
        "mailbox": _mailbox,
        "Facebook page": _page,
    }
    for thing, examine in examinations.items():
        try:
            yield examine(state)
        except (NewsletterError, SubscriberError, OSError) as error:
            yield Health(thing, "bad", str(error) or type(error).__name__)


def _settings(state: State) -> Health:
    return Health("settings", "good", f"{state.path}: {state.settings.publication.title['en']}")


def _data_folder(state: State) -> Health:
    folder = state.settings.data_folder
    folder.mkdir(parents=True, exist_ok=True)
    _ = state.keys
    if not os.access(folder, os.W_OK):
        return Health("data folder", "bad", f"{folder} cannot be written.")
    free = shutil.disk_usage(folder).free
    sentence = f"{folder}, {free // 1_000_000:,} MB free."
    return Health("data folder", "bad" if free < LITTLE_DISK_BYTES else "good", sentence)


def _database(state: State) -> Health:
    with state.reading() as session:
        readers = session.execute(text("SELECT count(*) FROM subscription WHERE state = 'active'")).scalar_one()
    return Health("database", "good", f"{state.engine.dialect.name}, newest schema, {readers:,} active readers.")


def _journal(state: State) -> Health:
    reason = journal.look(state.engine, now=state.now())
    if reason:
        return Health("journal", "bad", f"Nothing is sent or posted. {advice.of(reason)}")
    folder, data = state.settings.journal_folder, state.settings.data_folder
    near = " It lies on the database's disk; another one is safer." if _same_disk(folder, data) else ""
    return Health("journal", "good", f"{folder} agrees with the database.{near}")


def _same_disk(one: Path, other: Path) -> bool:
    return one.stat().st_dev == other.stat().st_dev


def _relay(state: State) -> Health:
    relay = state.settings.relay
    features = asyncio.run(_greet(relay))
    offers = ", ".join(name for name in ("PIPELINING", "SMTPUTF8", "DSN", "STARTTLS") if name in features)
    return Health("relay", "good", f"{relay.host}:{relay.port} takes mail from us; it offers {offers or 'plain SMTP'}.")


async def _greet(relay: RelaySettings) -> Mapping[str, str]:
    opened = await opening.connect(relay)
    opened.connection.abort("")
    return opened.features


def _signature(state: State) -> Health:
    settings = state.settings
    if settings.dkim.signing == "relay":
        return Health("DKIM", "off", "The mail server signs (dkim.signing).")
    seal.of(settings)
    keys = [keyfiles.load(settings.data_folder, selector) for selector in settings.dkim.selectors]
    found = [records.of(key, seal.domain(settings)) for key in keys]
    verdicts = [published.judge(record, published.look_up(record.name)) for record in found]
    for verdict in verdicts:
        if verdict.state == "bad":
            return Health("DKIM", "bad", f"{verdict.name}: {verdict.sentence} See newsletter dkim show.")
    silent = any(verdict.state == "unknown" for verdict in verdicts)
    seen = "the DNS gave no answer, so this was not compared" if silent else "the DNS says so too"
    return Health("DKIM", "good", f"We sign with {', '.join(settings.dkim.selectors)}; {seen}.")


def _mailbox(state: State) -> Health:
    mailbox = state.settings.mailbox
    if not mailbox.enabled:
        return Health("mailbox", "off", "Subscribing by letter is off (mailbox.enabled).")
    with fetch.connect(account_of(state.settings)) as inbox:
        sentence = (
            f"{mailbox.host}:{mailbox.port} lets {mailbox.username} in; the next letter has number {inbox.uid_next}."
        )
    return Health("mailbox", "good", sentence)


def _page(state: State) -> Health:
    if not state.settings.facebook.connected:
        return Health("Facebook page", "off", "No page is connected; the desk shows text and link to post by hand.")
    name = facebook.Client(state.settings.facebook).page_name()
    return Health("Facebook page", "good", f"Connected as {name}.")
