"""Dead addresses found while sending: nobody is mailed again after "unknown user"."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.delivery.reasons import UNKNOWN_USER
from newsletter.models import Delivery, Issue
from subscribers import lifecycle
from subscribers.consent import Evidence
from subscribers.models import Subscription


def hold(session: Session, subscription_ids: Iterable[int], *, suppression_key: bytes, now: datetime) -> int:
    """Hold these subscriptions where they are still mailed; return how many were."""
    held = 0
    for subscription_id in subscription_ids:
        subscription = lifecycle.get(session, subscription_id)
        if subscription is not None and subscription.state == "active":
            held += lifecycle.hold(
                session,
                subscription,
                suppression_key=suppression_key,
                evidence=Evidence(method="bounce"),
                reason=UNKNOWN_USER,
                now=now,
            )
    return held


def missed(session: Session) -> list[int]:
    """Return the subscriptions that a sender found dead but had no time to hold before it ended.

    Whoever has confirmed again since is left alone.
    """
    found = session.scalars(
        select(Subscription.id)
        .join(Delivery, Delivery.subscription_id == Subscription.id)
        .join(Issue, Issue.id == Delivery.issue_id)
        .where(
            Issue.state == "sending",
            Delivery.state == "refused",
            Delivery.reason == UNKNOWN_USER,
            Subscription.state == "active",
            Subscription.state_at < Delivery.settled_at,
        )
    )
    return list(found)
