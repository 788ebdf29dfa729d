"""Numbers that a restored database must not give a second time."""

import secrets
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from subscribers.models import Publication, Subscriber, Subscription

GAP = 100_000
"""More people than can have joined since the copy was made."""


def leave_gap(session: Session, *, now: datetime) -> None:
    """Let new subscriptions begin after a gap.

    Links in mails name a subscription by its number. People who joined after the copy was made are gone from
    it; without a gap their links would unsubscribe whoever gets their number next.
    """
    publication_id = session.scalar(select(func.min(Publication.id)))
    if publication_id is None:
        return
    person = 1 + GAP + (session.scalar(select(func.max(Subscriber.id))) or 0)
    number = 1 + GAP + (session.scalar(select(func.max(Subscription.id))) or 0)
    session.add(
        Subscriber(id=person, subject=secrets.token_hex(16), language="", created_at=now, erased_at=now),
    )
    session.flush()
    session.add(
        Subscription(id=number, publication_id=publication_id, subscriber_id=person, state="erased", state_at=now)
    )
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        for table, last in (("subscriber", person), ("subscription", number)):
            session.execute(
                text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"), {"name": table, "last": last}
            )
