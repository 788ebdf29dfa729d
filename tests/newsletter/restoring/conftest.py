"""An office with a scheduled issue whose database is older than its journal."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from newsletter import database, journal, restoring
from newsletter.config import Settings
from newsletter.journal import Witness
from newsletter.keys import Keys
from newsletter.models import Delivery, Installation, Issue, Post
from newsletter.restoring import Answer, Finding, Restored
from subscribers import tokens
from subscribers.models import Subscription
from subscribers.noted import Note
from tests.newsletter import newsroom
from tests.newsletter.newsroom import SEND_AT, Office

LATER = SEND_AT + timedelta(minutes=5)


@dataclass
class Ground:
    """What a test of restores works with."""

    office: Office
    witness: Witness
    issue_id: int
    readers: list[int]

    @property
    def engine(self) -> Engine:
        return self.office.engine

    def meanwhile(self, *notes: Note) -> None:
        """Let things happen that the database does not know, and that the journal knows to be committed."""
        with database.reading(self.engine) as session:
            name = session.scalars(select(Installation.name)).one()
        head = self.witness.journal.append(name, notes, now=LATER)
        self.witness.journal.append(name, [Note("done", LATER, {"done": head.matter})], now=LATER)

    def wish(self, event: str, number: int) -> Note:
        address = tokens.address_hash(b"s" * 32, f"reader{number}@example.org").hex()
        return Note(event, LATER, {"publication": self.office.publication_id, "address": address})

    def released(self, *languages: str, issue: int = 0, number: int = 1) -> list[Note]:
        issue_id = issue or self.issue_id
        return [
            Note("released", SEND_AT, {"issue": issue_id, "number": number, "language": language})
            for language in languages
        ]

    def look(self, now: datetime = LATER) -> str:
        return journal.look(self.engine, now=now)

    def find(self, *, with_journal: bool = True) -> Finding:
        with database.reading(self.engine) as session:
            return restoring.find(session, self.witness, with_journal=with_journal, now=LATER)

    def restore(self, given: dict[int, Answer], *, with_journal: bool = True) -> Restored:
        with database.writing(self.engine) as session:
            return restoring.restore(
                session, self.office.settings, self.witness, given, with_journal=with_journal, now=LATER
            )

    def states(self) -> list[str]:
        with database.reading(self.engine) as session:
            rows = select(Subscription.state).where(Subscription.id.in_(self.readers)).order_by(Subscription.id)
            return list(session.scalars(rows))

    def issue(self) -> Issue:
        with database.reading(self.engine) as session:
            issue = session.get_one(Issue, self.issue_id)
            _ = issue.releases
            return issue

    def deliveries(self) -> list[str]:
        with database.reading(self.engine) as session:
            return list(session.scalars(select(Delivery.state).order_by(Delivery.id)))

    def posts(self) -> set[str]:
        with database.reading(self.engine) as session:
            return set(session.scalars(select(Post.state)))


@pytest.fixture
def ground(any_engine: Engine, settings: Settings, keys: Keys, now: datetime) -> Ground:
    """Return an office of three readers and one scheduled issue, with a journal that agrees."""
    page = settings.facebook.model_copy(update={"page_id": "1001", "token": "t"})
    office = newsroom.open_office(any_engine, settings.model_copy(update={"facebook": page}), now)
    witness = journal.attach(any_engine, office.settings, keys)
    assert not journal.look(any_engine, now=now)
    with database.writing(any_engine) as session:
        readers = [newsroom.reader(session, office, number).id for number in range(3)]
        issue = newsroom.scheduled(session, office)
    return Ground(office, witness, issue.id, readers)
