"""Erase a person everywhere: what the subscribers package keeps, and what the newsletter does."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from newsletter.keys import Keys
from newsletter.models import Delivery, Letter, Proposal
from subscribers import lifecycle
from subscribers.consent import Evidence
from subscribers.models import Subscriber, Subscription

_NOT_SENT = ("queued", "claimed", "deferred")


def erase(session: Session, subscriber: Subscriber, *, keys: Keys, evidence: Evidence, now: datetime) -> bool:
    """Delete all that is known about a person; return False where that was done before: show the same page.

    Deliveries stay as rows without a word of the person, so that reports still add up.
    """
    return lifecycle.erase(
        session, subscriber, suppression_key=keys.suppression, evidence=evidence, now=now, forget=forget
    )


def forget(session: Session, subscriber: Subscriber) -> None:
    """Delete what letters and mail servers' answers say about a person; letters not yet sent are cancelled.

    Give it to `lifecycle.purge_pending` too. A letter on the wire was built before, and keeps its state.
    """
    mine = select(Subscription.id).where(Subscription.subscriber_id == subscriber.id)
    to_them = Letter.subscription_id.in_(mine) | (func.lower(Letter.to_address) == subscriber.email_key)
    session.execute(update(Letter).where(to_them, Letter.state.in_(_NOT_SENT)).values(state="cancelled"))
    blank = {"to_address": "", "to_name": "", "subject": "", "text": "", "html": None, "headers": "{}"}
    session.execute(update(Letter).where(to_them).values(**blank, envelope_sender="", once=None, reply=None))
    session.execute(update(Delivery).where(Delivery.subscriber_id == subscriber.id).values(reply=None))
    proposed = update(Proposal).where(func.lower(Proposal.email) == subscriber.email_key)
    session.execute(proposed.values(email="", name="", note="", token_hash=None))
