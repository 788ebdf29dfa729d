"""Whom a correction reaches: who got the wrong words, and who still gets the right ones."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsletter.corrections import concerning, drafts
from newsletter.models import Correction, Delivery, Issue
from subscribers.models import Subscriber, Subscription

HAVE_IT = ("sent", "uncertain")
"""Whoever may have the wrong words is told; uncertain counts as had (DESIGN 5.1)."""
STILL = ("queued", "deferred", "claimed", "on_wire")


@dataclass(frozen=True)
class Reach:
    """Counts of people."""

    told: int  # get the short mail
    waiting: int  # get the corrected edition instead


def reach(session: Session, correction: Correction) -> Reach:
    """Return how many are written to, and how many get the right words at once, as of now."""
    issue = session.get_one(Issue, correction.issue_id)
    concern = concerning.of(correction)
    wrong = [one.id for one in drafts.known_editions(session, issue) if concern.told(one) is not None]
    counts = dict(
        session.execute(
            select(Delivery.state, func.count())
            .join(Subscription, Subscription.id == Delivery.subscription_id)
            .join(Subscriber, Subscriber.id == Delivery.subscriber_id)
            .where(
                Delivery.issue_id == issue.id,
                Delivery.edition_id.in_(wrong),
                Delivery.state.in_((*HAVE_IT, *STILL)),
                Subscription.state == "active",
                Subscriber.email.is_not(None),
            )
            .group_by(Delivery.state)
        ).all()
    )
    return Reach(
        told=sum(counts.get(state, 0) for state in HAVE_IT), waiting=sum(counts.get(state, 0) for state in STILL)
    )
