"""A small office with readers and an issue that is being sent, made row by row."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from newsletter import database, publications
from newsletter.config import Settings
from newsletter.message import fields
from newsletter.models import Delivery, Edition, Issue, Letter, Release
from subscribers.models import Subscriber, Subscription


@dataclass
class Office:
    """What a test of sending needs to know."""

    engine: Engine
    publication_id: int
    issue_id: int
    subscriptions: list[int] = field(default_factory=list)

    def states(self) -> list[str]:
        """Return the states of the issue's deliveries, in order."""
        with database.reading(self.engine) as session:
            rows = select(Delivery.state).where(Delivery.issue_id == self.issue_id).order_by(Delivery.id)
            return list(session.scalars(rows))

    def deliveries(self) -> list[Delivery]:
        """Return the issue's deliveries, in order."""
        with database.reading(self.engine) as session:
            return list(
                session.scalars(select(Delivery).where(Delivery.issue_id == self.issue_id).order_by(Delivery.id))
            )

    def issue(self) -> Issue:
        """Return the issue."""
        with database.reading(self.engine) as session:
            return session.get_one(Issue, self.issue_id)

    def subscription(self, number: int) -> Subscription:
        """Return the subscription of the reader with that number."""
        with database.reading(self.engine) as session:
            return session.get_one(Subscription, self.subscriptions[number])

    def letters(self) -> list[Letter]:
        """Return all letters, in order."""
        with database.reading(self.engine) as session:
            return list(session.scalars(select(Letter).order_by(Letter.id)))


def make(engine: Engine, settings: Settings, now: datetime, *, readers: int = 3, queued: bool = True) -> Office:
    """Return an office whose issue is being sent to `readers` people (r0@example.org, r1@...)."""
    with database.writing(engine) as session:
        publication_id = publications.sync(session, settings.publication, now=now).id
        issue = add_issue(session, publication_id, now)
        edition = add_edition(session, issue.id, "en", [1])
        office = Office(engine, publication_id, issue.id)
        for number in range(readers):
            subscription = add_reader(session, publication_id, f"r{number}@example.org", now, name=f"Reader {number}")
            office.subscriptions.append(subscription.id)
            if queued:
                session.add(
                    Delivery(
                        issue_id=issue.id,
                        edition_id=edition.id,
                        subscription_id=subscription.id,
                        subscriber_id=subscription.subscriber_id,
                        state="queued",
                    )
                )
        if queued:
            issue.releases[0].enlisted = readers
    return office


def add_issue(
    session: Session, publication_id: int, now: datetime, *, number: int = 1, state: str = "sending"
) -> Issue:
    """Return an issue released in English."""
    issue = Issue(
        publication_id=publication_id,
        number=number,
        slug=f"2026-12-slug{number}",
        state=state,
        head=1,
        frozen_revision=1,
        created_at=now,
    )
    issue.releases = [Release(language="en", state="released", due_at=now, released_at=now)]
    session.add(issue)
    session.flush()
    return issue


def add_edition(session: Session, issue_id: int, language: str, stories: list[int]) -> Edition:
    """Return a frozen edition with the reader's name and links in it."""
    placeholders = fields.placeholders()
    words = "Dear {name},\nnews. {unsubscribe_url}\n{topics_url}\n{unsubscribe_address}\n".format(**placeholders)
    edition = Edition(
        issue_id=issue_id,
        revision=1,
        language=language,
        stories=json.dumps(stories),
        subject="News",
        html=f"<html><body><p>{words}</p></body></html>\n",
        text=words,
        fields=json.dumps(placeholders),
        hash=f"{issue_id:032x}{hash((language, *stories)) & 0xFFFF:032x}",
    )
    session.add(edition)
    session.flush()
    return edition


def add_reader(
    session: Session,
    publication_id: int,
    email: str,
    now: datetime,
    *,
    name: str = "",
    language: str = "en",
    state: str = "active",
    topics: int = 0,
    interests: int = 0,
) -> Subscription:
    """Return a new reader's subscription."""
    subscriber = Subscriber(
        subject=f"s-{email}"[:32], email=email, email_key=email, name=name, language=language, created_at=now
    )
    subscription = Subscription(
        publication_id=publication_id,
        subscriber=subscriber,
        state=state,
        state_at=now,
        topics=topics,
        interests=interests,
        confirmed_at=now,
    )
    session.add(subscription)
    session.flush()
    return subscription


def add_letter(session: Session, now: datetime, **changes: object) -> Letter:
    """Return a queued letter."""
    values: dict[str, object] = {
        "kind": "answer",
        "to_address": "guest@example.org",
        "language": "en",
        "subject": "Hello",
        "text": "Hello\n",
        "headers": "{}",
        "created_at": now,
        "state": "queued",
    }
    letter = Letter(**(values | changes))
    session.add(letter)
    session.flush()
    return letter
