"""`newsletter demo`: the product against a sandbox on this machine."""

import asyncio
import os
import signal
import sys
import threading
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from newsletter import database
from newsletter.cli import lock, output
from newsletter.cli.state import State
from newsletter.delivery import report
from newsletter.models import Issue
from newsletter.sandbox.demo import cast, ground, guide, outcome, servers
from newsletter.sandbox.demo.cast import Office
from newsletter.sandbox.demo.ground import Ground

FIRST_ISSUE_IN = timedelta(seconds=4)
OVER_WITHIN_SECONDS = 120.0


def demo(
    context: typer.Context,
    *,
    data: Annotated[Path, typer.Option(help="Where it all lives; used again next time.", metavar="DIR")] = Path(
        "demo-data"
    ),
    once: Annotated[bool, typer.Option(help="Send one issue, write report.json, and end.")] = False,
    lan: Annotated[bool, typer.Option(help="Let a phone in the same network reach it.")] = False,
) -> None:
    """Run the main job on this machine: readers, an issue, mail, page and post. Nothing leaves it."""
    _ = context
    started = time.monotonic()
    place = ground.prepare(data.resolve(), lan=lan)
    with lock.hold(place.folder, "demo"), _ends_on_signals(), servers.sandbox(place):
        office = _open(place)
        output.say(f"Sample office: {office.settings.office.name['en']}. Everything lives in {place.folder}.")
        cast.fill(office)
        with servers.product(place):
            if once:
                _once(office, started)
            else:
                _show(office, started)


def _open(place: Ground) -> Office:
    state = State(place.config)
    return Office(place, state.settings, state.keys, state.engine, state.publication_id)


def _once(office: Office, started: float) -> None:
    issue_id = cast.send(office, "issue", datetime.now(UTC) + timedelta(seconds=1))
    over = _follow(office, issue_id, started)
    summary = outcome.summarise(office, issue_id)
    missing = outcome.missing(office, issue_id, summary)
    if not over:
        missing.insert(0, f"The issue was not over within {OVER_WITHIN_SECONDS:.0f} seconds.")
    for sentence in missing:
        output.complain(sentence)
    if missing:
        raise typer.Exit(1)
    output.say(f"Every message in the catcher is right. {office.ground.folder / 'report.json'} holds the counts.")


def _follow(office: Office, issue_id: int, started: float) -> bool:
    over = outcome.wait(office, issue_id, OVER_WITHIN_SECONDS)
    with database.reading(office.engine) as session:
        output.say(report.sentences(report.build(session, session.get_one(Issue, issue_id)), "en"))
    output.say(f"{time.monotonic() - started:.1f} seconds after the start.")
    return over


def _show(office: Office, started: float) -> None:
    address = office.ground.url("guide")
    with _serving(office):
        output.say(f"Open {address}/ in a browser. Stop with Ctrl-C.")
        _open_browser(address)
        with database.reading(office.engine) as session:
            first = cast.newest(session) is None
        if first:
            issue_id = cast.send(office, "issue", datetime.now(UTC) + FIRST_ISSUE_IN)
            _follow(office, issue_id, started)
            outcome.summarise(office, issue_id)
        threading.Event().wait()


def _open_browser(address: str) -> None:
    """Open the page for a person who sits at this machine; a terminal without a screen gets the address only."""
    has_screen = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if has_screen and sys.stdout.isatty():
        webbrowser.open(f"{address}/")


@contextmanager
def _serving(office: Office) -> Iterator[None]:
    server = uvicorn.Server(
        uvicorn.Config(
            guide.create(office),
            host=office.ground.host,
            port=office.ground.ports["guide"],
            log_config=None,
            access_log=False,
        )
    )
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), name="guide")
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def _ends_on_signals() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    previous = signal.signal(signal.SIGTERM, stop)
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        signal.signal(signal.SIGTERM, previous)
