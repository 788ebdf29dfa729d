"""Readers, their browser, and a clock that tests move."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select

from newsletter import database
from newsletter.config import Settings
from newsletter.keys import Keys
from newsletter.models import Letter
from newsletter.web.context import Context
from subscribers import lifecycle, tokens
from subscribers.address import parse
from subscribers.bits import Bits
from subscribers.consent import Evidence
from subscribers.lifecycle import Wish
from subscribers.models import ConsentLine, Subscription

ORIGIN = "http://127.0.0.1:8025"


@dataclass
class Clock:
    """The time, until a test lets some of it pass."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass(frozen=True)
class Reader:
    """A subscriber and the links mailed to them."""

    subscription_id: int
    confirm: str
    footer: str


@dataclass(frozen=True)
class Register:
    """What a test looks at behind the pages, and how it gets readers there."""

    context: Context
    bits: Bits

    def ask(self, email: str = "hana@example.org", language: str = "en", **valid: float) -> Reader:
        """Note a request for travel fairs and food, whose link is valid for 72 hours or the given time."""
        wish = Wish(parse(email), "Hana", language, "SG", self.bits.topic_mask(["fairs", "food"]), 0)
        with database.writing(self.context.engine) as session:
            asked = lifecycle.ask(
                session,
                self.context.publication_id,
                wish,
                suppression_key=self.context.keys.suppression,
                evidence=Evidence(method="form"),
                valid_for=timedelta(**(valid or {"hours": 72})),
                now=self.context.now(),
            )
            footer = tokens.unsubscribe_token(self.context.keys.unsubscribe, asked.subscription.id)
            return Reader(asked.subscription.id, asked.token or "", footer)

    def subscribe(self, email: str = "hana@example.org", language: str = "en") -> Reader:
        """Return an active reader."""
        reader = self.ask(email, language)
        with database.writing(self.context.engine) as session:
            lifecycle.confirm(
                session,
                reader.confirm,
                suppression_key=self.context.keys.suppression,
                evidence=Evidence(method="link"),
                now=self.context.now(),
            )
        return reader

    def erase(self, reader: Reader) -> None:
        """Forget a reader."""
        with database.writing(self.context.engine) as session:
            lifecycle.erase(
                session,
                session.get_one(Subscription, reader.subscription_id).subscriber,
                suppression_key=self.context.keys.suppression,
                evidence=Evidence(method="link"),
                now=self.context.now(),
            )

    def get(self, reader: Reader) -> Subscription:
        """Return the reader's subscription as it is stored."""
        with database.reading(self.context.engine) as session:
            found = lifecycle.get(session, reader.subscription_id)
            assert found is not None
            session.expunge_all()
            return found

    def letters(self) -> list[Letter]:
        """Return the queued letters, oldest first."""
        with database.reading(self.context.engine) as session:
            found = list(session.scalars(select(Letter).order_by(Letter.id)))
            session.expunge_all()
            return found

    def events(self) -> list[str]:
        """Return what the ledger says has happened, oldest first."""
        with database.reading(self.context.engine) as session:
            return list(session.scalars(select(ConsentLine.event).order_by(ConsentLine.id)))


@pytest.fixture
def clock(now: datetime) -> Clock:
    """Return a clock that stands still until it is told to go on."""
    return Clock(now)


@pytest.fixture
def context(settings: Settings, keys: Keys, engine: Engine, publication_id: int, clock: Clock) -> Context:
    """Return what the composition root would make."""
    return Context(settings, keys, engine, publication_id, now=clock)


@pytest.fixture
def register(context: Context, bits: Bits) -> Register:
    """Return the readers."""
    return Register(context, bits)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """Return a browser that names its origin as browsers do."""
    with TestClient(app, base_url=ORIGIN, follow_redirects=False, headers={"origin": ORIGIN}) as client:
        yield client
