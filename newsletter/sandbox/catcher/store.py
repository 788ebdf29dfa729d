"""Every message that was caught, in order, in a folder that survives restarts and kills."""

import json
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

INDEX = "envelopes.jsonl"
"""One line a message, written after the message itself: a message without its line was never acknowledged."""


@dataclass(frozen=True)
class Caught:
    """One message with its envelope; `envelope_from` is empty for the null sender."""

    id: int
    at: datetime
    envelope_from: str
    envelope_to: tuple[str, ...]
    path: Path

    @property
    def raw(self) -> bytes:
        """Return the bytes as they came over the wire, dots unstuffed, lines ending in CRLF."""
        return self.path.read_bytes()


class Store:
    """The folder, opened by the one process that writes to it; threads may share it."""

    def __init__(self, folder: Path) -> None:
        """Open `folder`, making it where needed, and drop the half-written last line of a killed process."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = threading.Lock()
        self._messages, whole_bytes = _read(folder)
        self._index: IO[str] = (folder / INDEX).open("a", encoding="utf-8")
        self._index.truncate(whole_bytes)

    def add(self, envelope_from: str, envelope_to: tuple[str, ...], raw: bytes) -> Caught:
        """Keep a message; when this returns it outlives the process (not the machine: nothing is fsynced)."""
        with self._lock:
            number = len(self._messages) + 1
            caught = Caught(number, datetime.now(UTC), envelope_from, envelope_to, _path(self._folder, number))
            caught.path.write_bytes(raw)
            self._index.write(_line(caught))
            self._index.flush()
            self._messages.append(caught)
            return caught

    def all(self) -> list[Caught]:
        """Return every message, oldest first."""
        return list(self._messages)

    def get(self, number: int) -> Caught | None:
        """Return the message of that id."""
        return self._messages[number - 1] if 0 < number <= len(self._messages) else None

    def close(self) -> None:
        """Let go of the folder."""
        self._index.close()


def read(folder: Path) -> list[Caught]:
    """Return the messages in a folder that another process may be writing to, oldest first."""
    return _read(folder)[0]


def _read(folder: Path) -> tuple[list[Caught], int]:
    try:
        index = (folder / INDEX).read_bytes()
    except FileNotFoundError:
        return [], 0
    whole_bytes = index.rfind(b"\n") + 1
    return [_caught(folder, line) for line in index[:whole_bytes].splitlines()], whole_bytes


def _line(caught: Caught) -> str:
    envelope = {
        "id": caught.id,
        "at": caught.at.isoformat(),
        "from": caught.envelope_from,
        "to": caught.envelope_to,
    }
    return json.dumps(envelope) + "\n"


def _caught(folder: Path, line: bytes) -> Caught:
    envelope = json.loads(line)
    return Caught(
        id=envelope["id"],
        at=datetime.fromisoformat(envelope["at"]),
        envelope_from=envelope["from"],
        envelope_to=tuple(envelope["to"]),
        path=_path(folder, envelope["id"]),
    )


def _path(folder: Path, number: int) -> Path:
    return folder / f"{number:06}.eml"
