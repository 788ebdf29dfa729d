"""`newsletter relay`: the mail server that carries our mail."""

import asyncio
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from newsletter.cli import output
from newsletter.cli.state import State
from newsletter.delivery import inspection
from newsletter.delivery.inspection import Inspection

app = typer.Typer(no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keep `check` a command of its own though it is the only one."""


@app.command("check")
def check(
    context: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Connect and log in as for a send, and say what the server offers and what will be used; nothing is sent."""
    state: State = context.obj
    settings = state.settings
    found = asyncio.run(inspection.inspect(settings.relay, sender=settings.publication.from_address, now=state.now()))
    if as_json:
        output.write_json(asdict(found))
        return
    for sentence in _sentences(found):
        output.say(sentence)


def _sentences(found: Inspection) -> Iterator[str]:
    yield f"{found.server} answers: {found.greeting}"
    if found.certificate is not None:
        one = found.certificate
        yield f"Encrypted with {found.tls}."
        yield f"Its certificate is for {one.subject}, from {one.issuer}, good until {one.until:%Y-%m-%d}."
    if found.login:
        yield f"We are logged in ({found.login})."
    yield f"It offers: {'; '.join(found.offers) or 'nothing beyond plain SMTP'}."
    yield "It takes our sender address."
    yield f"Mail will go with {found.way}."
    for sentence in found.missing:
        yield f"Note: {sentence}"
