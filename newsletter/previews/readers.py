"""Readers an editor looks for by name or address, to see an issue through their eyes."""

from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from newsletter.errors import NotFoundError
from subscribers import languages
from subscribers.models import Subscriber, Subscription

MOST = 12
"""Readers shown of one search; whoever is not among them is found by more letters."""


@dataclass(frozen=True)
class Reader:
    """Somebody with a subscription, or the stand-in of `sample`."""

    subscription_id: int
    name: str
    email: str
    language: str  # "en", or "en+ja" for both in one mail
    state: str
    topics: int
    interests: int


def find(session: Session, publication_id: int, text: str) -> list[Reader]:
    """Return readers whose name or address holds `text`, by address; none for an empty text. Erased ones are gone."""
    wanted = text.strip()
    if not wanted:
        return []
    holding = or_(
        Subscriber.email.icontains(wanted, autoescape=True), Subscriber.name.icontains(wanted, autoescape=True)
    )
    query = _readers(publication_id).where(holding).order_by(Subscriber.email).limit(MOST)
    return [_reader(subscription, person) for subscription, person in session.execute(query)]


def get(session: Session, publication_id: int, subscription_id: int) -> Reader:
    """Return one reader; raise NotFoundError."""
    row = session.execute(_readers(publication_id).where(Subscription.id == subscription_id)).first()
    if row is None:
        raise NotFoundError
    return _reader(*row)


def sample(language: str, name: str) -> Reader:
    """Return a reader who is nobody, for looking at an edition as such."""
    return Reader(0, name, "reader@example.org", language, "active", 0, 0)


def _readers(publication_id: int) -> Select[Subscription, Subscriber]:
    return (
        select(Subscription, Subscriber)
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .where(Subscription.publication_id == publication_id, Subscriber.email.is_not(None))
    )


def _reader(subscription: Subscription, person: Subscriber) -> Reader:
    return Reader(
        subscription_id=subscription.id,
        name=person.name,
        email=person.email or "",
        language=languages.wish(person.language, person.second_language),
        state=subscription.state,
        topics=subscription.topics,
        interests=subscription.interests,
    )
