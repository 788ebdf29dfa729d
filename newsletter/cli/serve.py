"""`newsletter serve`, `work` and `tick`: the web, the clock and the sender."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Annotated

import structlog
import typer
import uvicorn

from jobs import scheduler
from jobs.tasks.deps import Deps
from newsletter import database, editors
from newsletter.cli import advice, lock, output
from newsletter.cli.state import State
from newsletter.delivery import sender
from newsletter.errors import InUseError
from newsletter.message.dkim import seal
from newsletter.web import app as web_app

log = structlog.get_logger()

STOP_SECONDS = 20.0
"""How long a sender may take to settle what is on the wire before it is ended."""
RESTART_SECONDS = (0.5, 2.0, 10.0, 30.0)
"""Waits before a sender that ended by itself is started again."""


Parent = Annotated[int, typer.Option(help="Stop when this process is gone; 0: never.", hidden=True)]


def serve(context: typer.Context, *, parent: Parent = 0) -> None:
    """Run everything: the pages, the clock, and the sender as a child process. Ends cleanly on SIGTERM."""
    state: State = context.obj
    settings = state.settings
    seal.of(settings)  # a key that cannot be used is said here, not again and again by the sender
    with lock.hold(settings.data_folder, "serve"):
        deps = state.deps
        listener = _listen(settings.web.host, settings.web.port)
        _greet(state)
        advice.warn(state.engine)
        with _sender(state), _clock(deps), _stop_signals_only_end_the_pages(), _ends_with(parent):
            server = uvicorn.Server(
                uvicorn.Config(
                    web_app.create(state.context),
                    log_config=None,
                    access_log=False,
                    proxy_headers=False,
                    server_header=False,
                    timeout_graceful_shutdown=5,
                )
            )
            server.run(sockets=[listener])
    log.info("server stopped")


def work(
    context: typer.Context,
    *,
    parent: Parent = 0,
    drain: Annotated[bool, typer.Option(help="Send what is due and end.")] = False,
) -> None:
    """Send what the outboxes hold, until told to stop. `serve` runs this as its child."""
    state: State = context.obj
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    _ = state.publication_id  # the schema and its rows exist before the first query
    held = advice.warn(state.engine) if drain else ""
    sender.run(
        state.settings,
        state.keys,
        stop=lambda: stopping.is_set() or (parent != 0 and os.getppid() != parent),
        drain=drain,
    )
    if held:
        raise typer.Exit(1)


def tick(
    context: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print what each task did.")] = False,
) -> None:
    """Run every task of the clock once, for offices that prefer cron to `serve`."""
    state: State = context.obj
    advice.warn(state.engine)
    done = scheduler.run_once(state.deps)
    if as_json:
        output.write_json(done)
    else:
        output.table(("Task", "Done"), [(name, "failed" if count is None else count) for name, count in done.items()])
    if None in done.values():
        raise typer.Exit(3)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        message = f"The pages cannot be served on {host}:{port} ({error.strerror}). Change web.port, or stop the other."
        raise InUseError(message) from error
    return listener


def _greet(state: State) -> None:
    base = state.settings.web.base_url
    output.say(f"Pages for readers:  {base}/")
    output.say(f"Pages for editors:  {base}/desk/")
    with database.reading(state.engine) as session:
        if not editors.exist(session):
            output.say(f"First start. Set up the first editor with this code: {editors.setup_code(state.keys)}")


@contextmanager
def _stop_signals_only_end_the_pages() -> Iterator[None]:
    # uvicorn raises the signal that stopped it once more when it is done; without handlers
    # of ours the process would end there and leave the clock and the sender to chance.
    previous = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


@contextmanager
def _ends_with(parent: int) -> Iterator[None]:
    """Stop as on SIGTERM when the process that started us is gone, however it ended."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.5):
            if os.getppid() != parent:
                os.kill(os.getpid(), signal.SIGTERM)
                return

    if parent:
        threading.Thread(target=watch, name="parent watch", daemon=True).start()
    try:
        yield
    finally:
        done.set()


@contextmanager
def _clock(deps: Deps) -> Iterator[None]:
    ticking = scheduler.start(deps)
    try:
        yield
    finally:
        ticking.shutdown(wait=True)


@contextmanager
def _sender(state: State) -> Iterator[None]:
    stopping = threading.Event()
    keeper = threading.Thread(target=_keep_sending, args=(state, stopping), name="sender keeper")
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        keeper.join()


def _keep_sending(state: State, stopping: threading.Event) -> None:
    # -P: never from the folder we happen to be in
    program = [sys.executable, "-P", "-m", "newsletter", "--config", str(state.path)]
    command = [*program, "work", "--parent", str(os.getpid())]
    failures = 0
    while not stopping.is_set():
        started = time.monotonic()
        child = subprocess.Popen(command)  # noqa: S603 - our own program
        log.info("sender started", process=child.pid)
        while child.poll() is None and not stopping.wait(0.1):
            pass
        if stopping.is_set():
            _end(child)
            return
        failures = 0 if time.monotonic() - started > RESTART_SECONDS[-1] else failures + 1
        log.error("sender ended by itself", code=child.returncode)
        stopping.wait(RESTART_SECONDS[min(failures, len(RESTART_SECONDS)) - 1])


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        log.warning("sender did not stop in time", process=child.pid)
        child.kill()
        child.wait()
