"""What goes on in the office while a storm blows: issues are approved and sent, letters written, readers leave."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, func, insert, select, text

from newsletter import approvals, checks, database, editors, folder, issues, publications
from newsletter import keys as key_file
from newsletter.config import Settings
from newsletter.models import Delivery, Issue, Letter
from newsletter.sandbox import dates
from newsletter.sandbox.demo.cast import SAMPLES
from subscribers import bits, lifecycle
from subscribers.consent import Evidence
from subscribers.models import Subscriber, Subscription
from tests.newsletter.delivery import office as offices

SAMPLE = SAMPLES / "next"
PASSWORD = "a storm over the straits"
LEAD = timedelta(seconds=0.2)
"""How far ahead an issue is scheduled."""
_OPEN = "state IN ('queued', 'claimed', 'on_wire', 'deferred')"


@dataclass
class Newsroom:
    """The office, and what an independent witness would remember of it."""

    settings: Settings
    engine: Engine
    publication_id: int
    people: tuple[int, int]  # an editor, an approver
    readers: list[int]  # their subscriptions
    left: dict[int, datetime] = field(default_factory=dict)  # when it was committed that they left
    letters: int = 0

    def send_an_issue(self) -> int:
        """Have the sample approved and scheduled for now; return the issue's id."""
        now = datetime.now(UTC)
        editor, approver = self.people
        zone = self.settings.office.zone
        with database.writing(self.engine) as session:
            redate = dates.moving(SAMPLE, now.astimezone(zone))
            issue = folder.load(
                session, self.settings, self.publication_id, SAMPLE, editor_id=None, now=now, dates=redate
            )
        with database.reading(self.engine) as session:
            prepared = approvals.prepare(session, self.settings, session.get_one(Issue, issue.id))
        with database.writing(self.engine) as session:
            issue = session.get_one(Issue, issue.id)
            checks.tick(session, issue, prepared.findings, editor_id=editor, now=now)
            approvals.ask(session, self.settings, issue, editor_id=editor, now=now, prepared=prepared)
            approvals.give(session, self.settings, issue, editor_id=approver, now=now)
            moment = datetime.now(UTC)
            issues.schedule(session, issue, moment + LEAD, now=moment, editor_id=editor)
        return issue.id

    def write_a_letter(self) -> None:
        """Queue a letter to somebody."""
        self.letters += 1
        with database.writing(self.engine) as session:
            offices.add_letter(session, datetime.now(UTC), to_address=f"guest{self.letters}@example.org")

    def let_somebody_leave(self, dice: random.Random) -> None:
        """Unsubscribe a reader."""
        subscription_id = dice.choice(self.readers)
        with database.writing(self.engine) as session:
            left = lifecycle.leave(
                session,
                session.get_one(Subscription, subscription_id),
                suppression_key=key_file.load(self.settings.data_folder).suppression,
                evidence=Evidence(method="one-click"),
                now=datetime.now(UTC),
            )
        if left:
            self.left[subscription_id] = datetime.now(UTC)

    def on_wire(self) -> int:
        """Return how many rows are on the wire."""
        return self._count("state = 'on_wire'")

    def waiting(self) -> int:
        """Return how many rows are not finished, a planned release counting as one."""
        with database.reading(self.engine) as session:
            unclosed = session.scalar(
                select(func.count()).select_from(Issue).where(Issue.state.in_(("scheduled", "sending")))
            )
        return self._count(_OPEN) + (unclosed or 0)

    def to_send(self) -> int:
        """Return how many rows have not been tried yet."""
        return self._count("state IN ('queued', 'claimed')")

    def plans(self) -> bool:
        """Return whether an issue is scheduled and not released."""
        with database.reading(self.engine) as session:
            return session.scalar(select(Issue.id).where(Issue.state == "scheduled").limit(1)) is not None

    def _count(self, condition: str) -> int:
        with database.reading(self.engine) as session:
            return sum(
                session.scalar(select(func.count()).select_from(table).where(text(condition))) or 0
                for table in (Delivery, Letter)
            )


def open_for_work(settings: Settings, *, readers: int) -> Newsroom:
    """Make an office with two people in it and readers of everything."""
    engine = database.connect(settings.database)
    database.upgrade(engine)
    key_file.load(settings.data_folder)
    now = datetime.now(UTC)
    with database.writing(engine) as session:
        publication_id = publications.sync(session, settings.publication, now=now).id
        everything = sum(1 << bit for bit in bits.load(session, publication_id).topics.values())
        people = [
            editors.create(session, email=f"{role}@example.org", name=role, role=role, password=PASSWORD, now=now)
            for role in ("editor", "approver")
        ]
        session.flush()
        session.execute(insert(Subscriber), [_reader(number, now) for number in range(readers)])
        ids = session.scalars(select(Subscriber.id).order_by(Subscriber.id)).all()
        common = {"publication_id": publication_id, "state": "active", "state_at": now, "topics": everything}
        session.execute(
            insert(Subscription), [common | {"subscriber_id": one, "interests": 0, "source": ""} for one in ids]
        )
        subscriptions = list(session.scalars(select(Subscription.id).order_by(Subscription.id)))
        editor, approver = (person.id for person in people)
    return Newsroom(settings, engine, publication_id, (editor, approver), subscriptions)


def _reader(number: int, now: datetime) -> dict[str, object]:
    address = f"r{number}@example.org"
    return {
        "subject": f"{number:032x}",
        "email": address,
        "email_key": address,
        "name": f"Reader {number}",
        "language": "en",
        "created_at": now,
    }
