"""Who is due an issue: a query, its groups and its count."""

from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from subscribers.models import Subscriber, Subscription


@dataclass(frozen=True)
class Group:
    """Readers who chose the same: a language and masks of `subscribers.bits`, which see the same edition."""

    language: str
    topics: int
    interests: int
    count: int


def readers(publication_id: int) -> Select[int, int, str, int, int]:
    """Return the query of everybody due an issue: subscription id, subscriber id, language, topics, interests."""
    return (
        select(
            Subscription.id,
            Subscription.subscriber_id,
            Subscriber.language,
            Subscription.topics,
            Subscription.interests,
        )
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .where(
            Subscription.publication_id == publication_id,
            Subscription.state == "active",
            Subscriber.email.is_not(None),
        )
    )


def groups(session: Session, publication_id: int) -> list[Group]:
    """Return the combinations that occur, in a stable order; editions are made for these only."""
    chosen = (Subscriber.language, Subscription.topics, Subscription.interests)
    query = readers(publication_id).with_only_columns(*chosen, func.count()).group_by(*chosen).order_by(*chosen)
    return [Group(language, topics, interests, count) for language, topics, interests, count in session.execute(query)]


def count(session: Session, publication_id: int) -> int:
    """Return how many readers are due an issue."""
    query = readers(publication_id).with_only_columns(func.count(Subscription.id))
    return session.scalar(query) or 0
