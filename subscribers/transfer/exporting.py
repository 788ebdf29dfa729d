"""Subscribers as rows of a file that a spreadsheet opens without harm and `importing` reads back."""

from collections.abc import Collection, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from subscribers import languages
from subscribers.bits import Bits
from subscribers.models import Subscriber, Subscription
from subscribers.transfer import cells

HEADER = ("email", "name", "language", "country", "topics", "interests", "state", "since", "confirmed", "source")


def rows(
    session: Session, publication_id: int, bits: Bits, *, states: Collection[str] = ("active",)
) -> Iterator[list[str]]:
    """Yield the header and then a row for everybody in `states`, oldest first; write them with `cells.write`.

    Times are UTC. Erased people have no row. Whoever imports the file must bring evidence of
    consent anew: the ledger, not a copied column, is the proof.
    """
    yield list(HEADER)
    found = (
        select(Subscription, Subscriber)
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .where(
            Subscription.publication_id == publication_id,
            Subscription.state.in_(states),
            Subscriber.email.is_not(None),
        )
        .order_by(Subscription.id)
    )
    with session.execute(found, execution_options={"yield_per": 1000}) as people:
        for subscription, subscriber in people:
            yield [cells.safe(cell) for cell in _cells(subscription, subscriber, bits)]


def _cells(subscription: Subscription, subscriber: Subscriber, bits: Bits) -> list[str]:
    return [
        subscriber.email or "",
        subscriber.name,
        languages.wish(subscriber.language, subscriber.second_language),
        subscriber.country or "",
        " ".join(bits.topic_keys(subscription.topics)),
        " ".join(bits.country_codes(subscription.interests)),
        subscription.state,
        subscription.state_at.isoformat(timespec="seconds"),
        subscription.confirmed_at.isoformat(timespec="seconds") if subscription.confirmed_at else "",
        subscription.source,
    ]
