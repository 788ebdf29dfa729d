"""One line of the journal: what happened, chained to the line before under the installation's key."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from newsletter.journal.errors import JournalError
from subscribers.noted import Note

GENESIS = "0" * 64
"""What the first line is chained to."""

PERSONAL = ("left", "complained", "erased", "bounced", "lifted")
"""Events of one address: `publication` and `address`, its keyed hash."""
BINDING = ("released", "claimed")
"""Events after which something leaves the house: none of it may before the line is known to be committed."""
BOOKKEEPING = ("done", "carried")
"""Lines that say nothing new: how far the database has committed, and where a new file goes on."""


@dataclass(frozen=True)
class Line:
    """One line, verified."""

    number: int
    at: datetime
    installation: str
    event: str
    of: dict[str, Any]
    chain: str


def write(key: bytes, previous: str, number: int, installation: str, note: Note) -> tuple[Line, bytes]:
    """Return a note as the line of that number after `previous`, and its bytes, the line end included."""
    body = {
        "n": number,
        "at": note.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "installation": installation,
        "event": note.event,
        "of": dict(note.of),
    }
    chain = _chain(key, previous, body)
    raw = (json.dumps(body | {"chain": chain}, separators=(",", ":")) + "\n").encode()
    return Line(number, note.at, installation, note.event, dict(note.of), chain), raw


def read(key: bytes, previous: str | None, raw: bytes) -> Line:
    """Return a line; `previous` is the chain value before it, none for the first of a file that goes on.

    Raises JournalError for one that was not written so, or with another key.
    """
    try:
        body = json.loads(raw)
        chain = body.pop("chain")
        before = previous if previous is not None else body["of"].get("previous", GENESIS)
        line = Line(
            body["n"], datetime.fromisoformat(body["at"]), body["installation"], body["event"], body["of"], chain
        )
        expected = _chain(key, before, body)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = "A line of the journal cannot be read."
        raise JournalError("damaged", message) from error
    if not hmac.compare_digest(expected, chain):
        message = f"Line {line.number} of the journal is not what was written, or was written with other keys."
        raise JournalError("damaged", message)
    return line


def _chain(key: bytes, previous: str, body: dict[str, Any]) -> str:
    said = json.dumps([previous, body], separators=(",", ":"), sort_keys=True)
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()
