"""Forget a person: on request, or because a request was never confirmed (DESIGN 5.8)."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from subscribers import consent, people, suppression, tickets, tokens
from subscribers.consent import Evidence
from subscribers.models import Publication, ReceivedMail, Subscriber, Subscription, Ticket

Forget = Callable[[Session, Subscriber], None]
"""Called while the address is still there, so that what others keep about a person goes too."""


def erase(
    session: Session,
    subscriber: Subscriber,
    *,
    suppression_key: bytes,
    evidence: Evidence,
    now: datetime,
    forget: Forget | None = None,
) -> bool:
    """Delete all that is known about a person and suppress the address everywhere; return False where that was done.

    What the newsletter keeps (letters, replies of mail servers) goes by `forget`: call
    `newsletter.erasure.erase`, which brings it.
    """
    subscription_ids = people.lock(session, subscriber)
    if subscriber.erased_at is not None or subscriber.email_key is None:
        return False
    hashed = tokens.address_hash(suppression_key, subscriber.email_key)
    for publication_id in session.scalars(select(Publication.id)):
        suppression.suppress(session, publication_id, hashed, reason="erased", now=now)
    _forget(session, subscriber, subscription_ids, forget, now)
    _record_erasure(session, subscriber, evidence, now)
    return True


def purge_pending(
    session: Session, *, before: datetime, now: datetime, forget: Forget | None = None, limit: int = 200
) -> int:
    """Forget people whose last request is older than `before` and was never confirmed; return how many.

    Their addresses are not suppressed: they may ask again. At most `limit` a call.
    """
    asked_since = select(Ticket.token_hash).where(
        Ticket.subscription_id == Subscription.id, Ticket.created_at >= before
    )
    is_stale = (Subscription.state == "pending") & (Subscription.state_at < before) & ~asked_since.exists()
    has_more = select(Subscription.id).where(Subscription.subscriber_id == Subscriber.id, ~is_stale).exists()
    stale = select(Subscriber).where(Subscriber.subscriptions.any(is_stale), ~has_more).order_by(Subscriber.id)
    purged = 0
    for subscriber in session.scalars(stale.limit(limit)).all():
        subscription_ids = people.lock(session, subscriber)
        if session.scalar(stale.with_only_columns(Subscriber.id).where(Subscriber.id == subscriber.id)) is None:
            continue  # confirmed or asked again while we waited for the lock
        _forget(session, subscriber, subscription_ids, forget, now)
        _record_erasure(session, subscriber, Evidence(method="clock", note="not confirmed"), now)
        purged += 1
    return purged


def _forget(
    session: Session, subscriber: Subscriber, subscription_ids: Sequence[int], forget: Forget | None, now: datetime
) -> None:
    if forget is not None:
        forget(session, subscriber)
    for subscription_id in subscription_ids:
        tickets.drop(session, subscription_id)
    mine = ReceivedMail.subscription_id.in_(subscription_ids)
    session.execute(update(ReceivedMail).where(mine).values(raw=None))
    session.execute(
        update(Subscription)
        .where(Subscription.id.in_(subscription_ids))
        .values(state="erased", state_at=now, topics=0, interests=0, source="", paused_until=None)
    )
    consent.forget(session, [subscriber.subject])
    subscriber.email = subscriber.email_key = subscriber.country = None
    subscriber.name = subscriber.language = subscriber.second_language = ""
    subscriber.erased_at = now
    session.flush()


def _record_erasure(session: Session, subscriber: Subscriber, evidence: Evidence, now: datetime) -> None:
    """Append the line that lets the payloads be missing; it says how, and nothing of the person."""
    said = Evidence(method=evidence.method, actor=evidence.actor, wording=evidence.wording, note=evidence.note)
    consent.append(
        session,
        publication_id=None,
        subject=subscriber.subject,
        event=consent.FORGOTTEN,
        evidence=said,
        detail={},
        now=now,
    )
