"""What a transaction does that must outlive the database: noted here, kept elsewhere by whoever opened it.

Domain functions note; the opener of the transaction takes the notes just before it commits and
writes them where a restored database finds them again (DESIGN 5.7). Nobody can forget to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

_PLACE = "noted"


@dataclass(frozen=True)
class Note:
    """One thing that happened; `of` holds ids and keyed hashes, never an address."""

    event: str
    at: datetime
    of: Mapping[str, int | str]


def note(session: Session, event: str, *, now: datetime, **of: int | str) -> None:
    """Note that `event` happened in this session's transaction."""
    session.info.setdefault(_PLACE, []).append(Note(event, now, of))


def take(session: Session) -> list[Note]:
    """Return what was noted since the last call, in order."""
    notes: list[Note] = session.info.pop(_PLACE, [])
    return notes
