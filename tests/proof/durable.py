"""How much of SQLite's log a power cut would leave: what was there after the last durable commit."""

import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from newsletter.config import Settings

FILE = "newsletter.sqlite"


def note_what_is_durable(settings: Settings, path: str) -> None:
    """Keep in the file at `path` how much of this process's SQLite log a power cut would leave."""
    note = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    watch = _Durable(settings.data_folder / f"{FILE}-wal", note, threading.local())
    event.listen(Engine, "connect", watch.connected)


@dataclass
class _Durable:
    """Writes down how long the log was after each durable commit, as soon as the same thread speaks again."""

    log: Path
    note: int
    _by_thread: threading.local

    def connected(self, connection: Any, _record: object) -> None:
        """Hear a new connection, which tells us how durable it is and leaves the log alone."""
        level = [""]
        connection.set_trace_callback(lambda statement: self._heard(statement, level))
        connection.execute("PRAGMA wal_autocheckpoint=0")

    def _heard(self, statement: str, level: list[str]) -> None:
        if getattr(self._by_thread, "committed", False):
            os.pwrite(self.note, self.log.stat().st_size.to_bytes(8, "big"), 0)
            self._by_thread.committed = False
        if statement.startswith("PRAGMA synchronous="):
            level[0] = statement.partition("=")[2]
        elif statement.startswith("COMMIT"):
            self._by_thread.committed = level[0] == "FULL"
