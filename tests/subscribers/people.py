"""What tests of subscribers need again and again: a wish, evidence, and a person who has confirmed."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from subscribers import address, lifecycle
from subscribers.consent import Evidence
from subscribers.lifecycle import Asked, Wish
from subscribers.models import Subscription

KEY = b"s" * 32
FORM = Evidence(method="form", ip="192.0.2.7", agent="Test/1.0", wording="web-subscribe-1", language="en")
VALID = timedelta(hours=72)


def wish(email: str = "taro@example.org", language: str = "en", topics: int = 0b11, interests: int = 0) -> Wish:
    return Wish(address.parse(email), "Taro Yamada", language, "JP", topics, interests)


def ask(session: Session, publication_id: int, wanted: Wish, now: datetime) -> Asked:
    return lifecycle.ask(session, publication_id, wanted, suppression_key=KEY, evidence=FORM, valid_for=VALID, now=now)


def confirm(session: Session, token: str | None, now: datetime) -> lifecycle.Confirmed:
    assert token is not None
    return lifecycle.confirm(session, token, suppression_key=KEY, evidence=Evidence(method="link"), now=now)


def reader(session: Session, publication_id: int, now: datetime, email: str = "taro@example.org") -> Subscription:
    """Return a person who asked and confirmed."""
    return confirm(session, ask(session, publication_id, wish(email), now).token, now).subscription
