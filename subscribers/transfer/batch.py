"""Some hundred good rows brought into the database in a handful of statements."""

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.orm import Session

from subscribers import consent, guarded, languages, people, suppression, tokens
from subscribers.consent import Event, Evidence
from subscribers.models import ConsentLine, Subscriber, Subscription
from subscribers.transfer.entries import Entry

_OWN_CHOICE = ("confirmed", "changed")
"""Events in which a person has chosen for themselves; a file changes nothing of that."""

_CLOSED = {"left": "left", "held": "bounced", "filtered": "filtered", "paused": "paused", "erased": "erased"}
"""States that a file cannot end, and the word for each."""

_STANDING = (
    Subscriber.email_key,
    Subscriber.id.label("subscriber_id"),
    Subscriber.subject,
    Subscriber.name,
    Subscriber.language,
    Subscriber.second_language,
    Subscriber.country,
    Subscription.id.label("subscription_id"),
    Subscription.state,
    Subscription.topics,
    Subscription.interests,
)

Standing = Row[*tuple[Any, ...]]
"""A person as they stand now: the columns of `_STANDING`."""


@dataclass(frozen=True)
class Terms:
    """What holds for every row of an import. `all_topics` is for rows that name none, `language` likewise."""

    publication_id: int
    language: str
    all_topics: int
    evidence: Evidence
    suppression_key: bytes
    now: datetime


@dataclass
class Batch:
    """What became of each row of one batch, and what is still to be written."""

    session: Session
    terms: Terms
    added: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    unchanged: list[Entry] = field(default_factory=list)
    refused: list[tuple[Entry, str]] = field(default_factory=list)
    _subscriptions: list[dict[str, Any]] = field(default_factory=list)  # to be inserted
    _opened: list[dict[str, Any]] = field(default_factory=list)  # subscriptions to be updated
    _people: list[dict[str, Any]] = field(default_factory=list)  # subscribers to be updated
    _events: list[Event] = field(default_factory=list)

    def take(self, entries: Sequence[Entry]) -> None:
        """Subscribe whom it may; every entry ends in one of the four lists.

        The suppressions are asked twice: before anybody is made, and again when every row is
        locked, for whoever left or was erased in between.
        """
        open_entries = self._admit(entries)
        fresh = self._make(open_entries)
        standing = self._lock([entry.address.key for entry in open_entries])
        admitted = self._admit(open_entries)
        self._unmake(standing[key].subscriber_id for key in fresh - {entry.address.key for entry in admitted})
        own = self._own_choice(row.subject for row in standing.values())
        for entry in admitted:
            row = standing[entry.address.key]
            self._place(entry, row, own=row.subject in own)
        self._write()

    def _admit(self, entries: Sequence[Entry]) -> list[Entry]:
        hashes = {
            entry.address.key: tokens.address_hash(self.terms.suppression_key, entry.address.key) for entry in entries
        }
        reasons = suppression.reasons(self.session, self.terms.publication_id, list(hashes.values()))
        admitted = []
        for entry in entries:
            reason = reasons.get(hashes[entry.address.key])
            if reason:
                self.refused.append((entry, reason))
            else:
                admitted.append(entry)
        return admitted

    def _make(self, entries: Sequence[Entry]) -> set[str]:
        """Insert the missing subscribers, ordered so that two imports do not deadlock; return their keys."""
        keys = [entry.address.key for entry in entries]
        known = set(self.session.scalars(select(Subscriber.email_key).where(Subscriber.email_key.in_(keys))))
        new = sorted(
            (entry for entry in entries if entry.address.key not in known), key=lambda entry: entry.address.key
        )
        rows = [
            {
                **self._new(entry),
                "name": entry.name,
                "country": entry.country,
            }
            for entry in new
        ]
        if not rows:
            return set()
        statement = guarded.insert_or_skip(self.session, Subscriber).returning(Subscriber.email_key)
        return set(self.session.scalars(statement, rows))

    def _lock(self, keys: Collection[str]) -> dict[str, Standing]:
        mine = select(Subscriber.id).where(Subscriber.email_key.in_(keys)).order_by(Subscriber.id)
        self.session.execute(mine.with_for_update(key_share=True))
        here = (Subscription.subscriber_id == Subscriber.id) & (
            Subscription.publication_id == self.terms.publication_id
        )
        rows = self.session.execute(
            select(*_STANDING).outerjoin(Subscription, here).where(Subscriber.email_key.in_(keys))
        )
        return {row.email_key: row for row in rows}

    def _unmake(self, subscriber_ids: Iterable[int]) -> None:
        ids = list(subscriber_ids)
        if ids:
            self.session.execute(delete(Subscriber).where(Subscriber.id.in_(ids)))

    def _own_choice(self, subjects: Iterable[str]) -> set[str]:
        lines = select(ConsentLine.subject).where(
            ConsentLine.subject.in_(list(subjects)), ConsentLine.event.in_(_OWN_CHOICE)
        )
        return set(self.session.scalars(lines))

    def _place(self, entry: Entry, row: Standing, *, own: bool) -> None:
        if row.state is None:
            self._subscribe(entry, row)
        elif row.state in _CLOSED:
            self.refused.append((entry, _CLOSED[row.state]))
        elif row.state == "pending":
            self._open(entry, row)
        elif own:
            self.unchanged.append(entry)
        else:
            self._change(entry, row)

    def _subscribe(self, entry: Entry, row: Standing) -> None:
        self._subscriptions.append(
            {
                "publication_id": self.terms.publication_id,
                "subscriber_id": row.subscriber_id,
                "source": entry.source or "import",
                **self._active(),
                **self._choice(entry, self.terms.all_topics, 0),
            }
        )
        self.added.append(entry)
        self._note(entry, row)

    def _open(self, entry: Entry, row: Standing) -> None:
        choice = self._choice(entry, self.terms.all_topics, 0)
        self._opened.append({"id": row.subscription_id, "source": entry.source or "import", **self._active(), **choice})
        self._people.append(self._person(entry, row))
        self.added.append(entry)
        self._note(entry, row)

    def _change(self, entry: Entry, row: Standing) -> None:
        choice, person = self._choice(entry, row.topics, row.interests), self._person(entry, row)
        said = {**choice, **person}
        if all(getattr(row, name) == value for name, value in said.items() if name != "id"):
            self.unchanged.append(entry)
            return
        self._opened.append({"id": row.subscription_id, **choice})
        self._people.append(person)
        self.changed.append(entry)
        self._note(entry, row)

    def _active(self) -> dict[str, Any]:
        return {"state": "active", "state_at": self.terms.now}

    def _choice(self, entry: Entry, topics: int, interests: int) -> dict[str, int]:
        return {
            "topics": topics if entry.topics is None else entry.topics,
            "interests": interests if entry.interests is None else entry.interests,
        }

    def _new(self, entry: Entry) -> dict[str, Any]:
        own, *second = languages.of(entry.language or self.terms.language)
        return people.new_subscriber(entry.address, own, self.terms.now, second="".join(second))

    def _person(self, entry: Entry, row: Standing) -> dict[str, Any]:
        own, *second = languages.of(entry.language or languages.wish(row.language, row.second_language))
        return {
            "id": row.subscriber_id,
            "name": entry.name or row.name,
            "language": own,
            "second_language": "".join(second),
            "country": entry.country or row.country,
        }

    def _note(self, entry: Entry, row: Standing) -> None:
        evidence = dataclasses.replace(self.terms.evidence, source=entry.source or self.terms.evidence.source)
        detail = {
            "address": entry.address.email,
            "line": entry.row.line,
            "consent": entry.consent,
            "name": entry.name,
            "language": entry.language,
            "country": entry.country,
            "topics": entry.topics,
            "interests": entry.interests,
        }
        self._events.append(Event(self.terms.publication_id, row.subject, "imported", evidence, detail))

    def _write(self) -> None:
        if self._subscriptions:
            self.session.execute(insert(Subscription), self._subscriptions)
        for model, rows in ((Subscription, self._opened), (Subscriber, self._people)):
            for shape in {frozenset(row) for row in rows}:
                self.session.execute(update(model), [row for row in rows if frozenset(row) == shape])
        consent.append_all(self.session, self._events, now=self.terms.now)
