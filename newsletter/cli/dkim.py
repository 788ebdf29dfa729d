"""`newsletter dkim ...`: keys for signing our own mail, and what the DNS must say of them."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Literal

import typer

from newsletter import words
from newsletter.cli import output
from newsletter.cli.state import State
from newsletter.config import Settings
from newsletter.config.dkim import SELECTOR
from newsletter.errors import SettingsError, StateError
from newsletter.message.dkim import keyfiles, published, records, seal
from newsletter.message.dkim.keyfiles import Kind
from newsletter.message.dkim.published import Verdict
from newsletter.message.dkim.records import Record
from newsletter.message.dkim.signing import SigningKey
from newsletter.words import Words

app = typer.Typer(no_args_is_help=True)

Spoken = Annotated[str, typer.Option("--language", help="The language of what you pass on: en or ja.")]


@app.command("make-key")
def make_key(
    context: typer.Context,
    *,
    selector: Annotated[
        str | None, typer.Option(help="The key's name in the DNS; otherwise made of the year and the month.")
    ] = None,
    kind: Annotated[
        Literal["both", "rsa", "ed25519"], typer.Option("--type", help="Both is best: mailboxes take what they know.")
    ] = "both",
    language: Spoken = "en",
) -> None:
    """Make the keys that sign our mail, and print what to ask of whoever keeps your DNS. Nothing else changes yet."""
    state: State = context.obj
    settings, say = state.settings, _words(language)
    wanted = _wanted(selector or f"nl{state.now():%Y%m}", kind)
    taken = set(keyfiles.kept(settings.data_folder)) & wanted.keys()
    if taken:
        message = f"There is a key {min(taken)} already; it was left as it is. Name another with --selector."
        raise StateError(message)
    domain = seal.domain(settings)
    made = [keyfiles.make(settings.data_folder, name, one) for name, one in wanted.items()]
    output.say(f"Made: {' and '.join(wanted)}, kept in {settings.data_folder / keyfiles.FOLDER}.")
    output.say("Back this folder up with the rest of your data, and never send a file of it to anybody.\n")
    _say_records(made, domain, say)
    listed = ", ".join(f'"{name}"' for name in wanted)
    output.say("2. Wait until `newsletter dkim check` says good for each of them.")
    output.say("3. Then write into config.toml, and start the program anew:\n")
    output.say(f'[dkim]\nsigning = "own"\nselectors = [{listed}]\n')
    output.say("Leave records of older keys in the DNS for two weeks more: mail that they signed is still on its way.")


@app.command("show")
def show(
    context: typer.Context,
    *,
    language: Spoken = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Print again what the DNS must say: of every key here, and of the domain that mail comes from."""
    state: State = context.obj
    settings, say = state.settings, _words(language)
    keys, domain = _keys(settings), seal.domain(settings)
    if as_json:
        output.write_json([_told(settings, key, domain) for key in keys])
        return
    output.say(_who_signs(settings) + "\n")
    if keys:
        _say_records(keys, domain, say)
    else:
        output.say("There is no key yet: newsletter dkim make-key\n")
    output.say(_others(settings, domain))


@app.command("check")
def check(
    context: typer.Context,
    *,
    server: Annotated[
        str | None, typer.Option(help="The IP address of a name server to ask, as 192.0.2.53 or 192.0.2.53:5353.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Compare what the DNS says with what it must say; exit code 3 where something is not good."""
    state: State = context.obj
    verdicts = list(_verdicts(state.settings, server))
    if as_json:
        output.write_json([asdict(verdict) for verdict in verdicts])
    else:
        for one in verdicts:
            output.say(f"{one.state:8} {one.name}\n         {one.sentence}")
    if any(verdict.state != "good" for verdict in verdicts):
        raise typer.Exit(3)


def _wanted(selector: str, kind: Literal["both", "rsa", "ed25519"]) -> dict[str, Kind]:
    """Return the selector of each key to make; raise SettingsError for one that no DNS name may hold."""
    both: tuple[Kind, ...] = ("rsa", "ed25519")
    wanted: dict[str, Kind] = {f"{selector}-{one}": one for one in both} if kind == "both" else {selector: kind}
    for name in wanted:
        if not re.fullmatch(SELECTOR, name):
            message = f"{name} cannot be a selector. Take small letters, digits and hyphens, at most 63."
            raise SettingsError(message)
    return wanted


def _keys(settings: Settings) -> list[SigningKey]:
    """Return every key here, those that sign first; one that signs must be there."""
    signing = settings.dkim.selectors
    others = [name for name in keyfiles.kept(settings.data_folder) if name not in signing]
    return [keyfiles.load(settings.data_folder, name) for name in (*signing, *others)]


def _verdicts(settings: Settings, server: str | None) -> Iterator[Verdict]:
    address, _, port = (server or "").partition(":") if (server or "").count(":") <= 1 else (server, "", "")
    if port and not port.isdigit():
        message = f"--server {server} is no address. Give it as 192.0.2.53 or 192.0.2.53:5353."
        raise SettingsError(message)

    def look_up(name: str) -> list[str] | None:
        return published.look_up(name, server=address or None, port=int(port or published.DNS_PORT))

    domain = seal.domain(settings)
    for key in _keys(settings):
        record = records.of(key, domain)
        yield published.judge(record, look_up(record.name))
    returns = settings.publication.bounce_address.rsplit("@", 1)[1]
    for name in dict.fromkeys((domain, returns)):
        yield published.judge_policy(name, "v=spf1", look_up(name))
    yield published.judge_policy(f"_dmarc.{domain}", "v=DMARC1", look_up(f"_dmarc.{domain}"))


def _told(settings: Settings, key: SigningKey, domain: str) -> dict[str, object]:
    record = records.of(key, domain)
    return {
        "selector": key.selector,
        "algorithm": key.algorithm,
        "signs": _signs(settings, key.selector),
        "name": record.name,
        "label": record.label,
        "value": record.value,
        "zone_line": record.zone_line,
    }


def _signs(settings: Settings, selector: str) -> bool:
    return settings.dkim.signing == "own" and selector in settings.dkim.selectors


def _who_signs(settings: Settings) -> str:
    if settings.dkim.signing == "relay":
        return 'Your mail server signs (dkim.signing = "relay"); the keys below, if any, are only prepared.'
    return f"We sign every message with {' and '.join(settings.dkim.selectors)}."


def _words(language: str) -> Words:
    """Return the words to pass on; raise SettingsError for a language that we do not have."""
    known = words.languages("dkim")
    if language not in known:
        message = f"There are no words in {language}. Known: {', '.join(known)}."
        raise SettingsError(message)
    return words.load("dkim", language)


def _say_records(keys: list[SigningKey], domain: str, say: Words) -> None:
    output.say(say("pass_on", domain=domain) + "\n")
    output.say(say("request", domain=domain) + "\n")
    for number, key in enumerate(keys, 1):
        kind = say(key.algorithm.partition("-")[0])
        output.say("\n".join((say("record", number=number, kind=kind), *_lines(records.of(key, domain), say))) + "\n")


def _lines(record: Record, say: Words) -> list[str]:
    return [
        say("type"),
        say("name", label=record.label),
        say("whole", name=record.name, domain=record.domain),
        say("value", value=record.value),
        say("one_line"),
        say("zone"),
        f"  {record.zone_line}",
    ]


def _others(settings: Settings, domain: str) -> str:
    returns = settings.publication.bounce_address.rsplit("@", 1)[1]
    return (
        f"What {domain} needs besides (docs/deliverability.md):\n"
        f"  SPF    TXT at {returns}, one record only; add your mail server to the one you have, or\n"
        '         "v=spf1 ip4:ADDRESS-OF-YOUR-MAIL-SERVER -all"\n'
        f'  DMARC  TXT at _dmarc.{domain}: "v=DMARC1; p=none; rua=mailto:{settings.office.address}"\n'
        f"  MX     at {returns}: undeliverable mail returns to {settings.publication.bounce_address}, which the program"
        " must be able to read"
    )
