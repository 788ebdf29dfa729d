"""Take subscribers over from a file, with evidence of their consent and never against their will (DESIGN 5.3)."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from subscribers.bits import Bits
from subscribers.consent import Evidence
from subscribers.transfer import cells, entries
from subscribers.transfer.batch import Batch, Terms
from subscribers.transfer.columns import Mapping, check, guess
from subscribers.transfer.entries import Entry, Refused
from subscribers.transfer.reading import Row, Table, read

__all__ = [
    "REASONS",
    "Mapping",
    "Rejected",
    "Result",
    "Row",
    "Table",
    "apply",
    "batches",
    "check",
    "guess",
    "read",
    "rejects",
]

BATCH = 500
"""Rows handled in one go; with a transaction for each batch, nobody waits long for the database."""

REASONS = (
    "quoting", "cells", "unreadable",
    "address-empty", "address-incomplete", "address-characters", "address-international", "address-domain",
    "address-too-long",
    "consent", "language", "country", "topic", "interest", "duplicate",
    "left", "bounced", "complained", "erased", "paused", "filtered",
)  # fmt: skip
"""Why a row may be refused; screens have a sentence for each."""

_ADDED_COLUMNS = ("rejected_line", "rejected_reason")


@dataclass(frozen=True)
class Rejected:
    """A row that was not taken, and the word for why."""

    row: Row
    reason: str


@dataclass
class Result:
    """What became of the rows; the four add up to the rows given."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[Rejected] = field(default_factory=list)

    def add(self, other: "Result") -> None:
        """Count another batch in."""
        self.added += other.added
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.refused.extend(other.refused)


def apply(
    session: Session,
    publication_id: int,
    rows: Iterable[Row],
    *,
    mapping: Mapping,
    bits: Bits,
    evidence: Evidence,
    basis: str,
    suppression_key: bytes,
    now: datetime,
    seen: set[str] | None = None,
) -> Result:
    """Subscribe the people in `rows` whose consent is on record; return the counts and the rows refused.

    Each row needs evidence in the mapping's consent column, or the file a `basis` ("opted in on paper at
    NATAS fair 2026, forms kept in binder 3"). Whoever left, bounced, complained or was erased stays away. A
    reader's own choices win over the file: only what was imported before is changed. Rows without topics get all.
    For a large file call it for each of `batches(rows)` in a transaction of its own, with one `seen`.
    """
    result, seen = Result(), set() if seen is None else seen
    terms = Terms(
        publication_id=publication_id,
        language=mapping.languages[0],
        all_topics=bits.topic_mask(bits.topics),
        evidence=evidence,
        suppression_key=suppression_key,
        now=now,
    )
    for some in batches(rows):
        good = list(_good(some, mapping=mapping, bits=bits, basis=basis, seen=seen, refused=result.refused))
        batch = Batch(session, terms)
        batch.take(good)
        result.added += len(batch.added)
        result.changed += len(batch.changed)
        result.unchanged += len(batch.unchanged)
        result.refused.extend(Rejected(entry.row, reason) for entry, reason in batch.refused)
    return result


def batches(rows: Iterable[Row], size: int = BATCH) -> Iterator[list[Row]]:
    """Yield the rows in lists of at most `size`."""
    iterator = iter(rows)
    while batch := list(itertools.islice(iterator, size)):
        yield batch


def rejects(header: Sequence[str], refused: Iterable[Rejected], sentences: dict[str, str]) -> Iterator[list[str]]:
    """Yield the rows of a reject file for `cells.write`: the file's columns, the line, and why; mend and import it."""
    kept = [name for name in header if name not in _ADDED_COLUMNS]  # the file may be a reject file itself
    yield [*map(cells.safe, kept), *_ADDED_COLUMNS]
    for rejected in refused:
        values = [cells.safe(rejected.row.cells.get(name, "")) for name in kept]
        yield [*values, str(rejected.row.line), sentences.get(rejected.reason, rejected.reason)]


def _good(
    rows: Iterable[Row], *, mapping: Mapping, bits: Bits, basis: str, seen: set[str], refused: list[Rejected]
) -> Iterator[Entry]:
    for row in rows:
        try:
            entry = entries.parse(row, mapping, bits, basis)
        except Refused as error:
            refused.append(Rejected(row, error.reason))
            continue
        if entry.address.key in seen:
            refused.append(Rejected(row, "duplicate"))
            continue
        seen.add(entry.address.key)
        yield entry
