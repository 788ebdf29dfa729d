"""One person's rows: make them, lock them, read and write what was chosen, and put a line on record."""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from subscribers import consent, guarded, suppression, tokens
from subscribers.address import Address
from subscribers.consent import Evidence
from subscribers.models import Subscriber, Subscription

MAX_NAME = 100
MAX_LANGUAGE = 16

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_COUNTRY = re.compile(r"[A-Z]{2}")


def enrol(session: Session, publication_id: int, address: Address, language: str, *, now: datetime) -> Subscription:
    """Return the locked subscription of an address, made pending if there is none.

    Loops because the person may be erased between the look-up and the lock; then a new one is made.
    """
    while True:
        subscriber_id = session.scalar(select(Subscriber.id).where(Subscriber.email_key == address.key))
        if subscriber_id is None:
            guarded.insert(session, Subscriber, **new_subscriber(address, language, now))
            continue
        subscriber = session.get_one(Subscriber, subscriber_id)
        lock(session, subscriber)
        if subscriber.email_key == address.key:
            return _subscription(session, publication_id, subscriber, now)


def new_subscriber(address: Address, language: str, now: datetime, *, second: str = "") -> dict[str, Any]:
    """Return the values of a new subscriber's row; the name comes with consent, not before."""
    return {
        "subject": secrets.token_hex(16),
        "email": address.email,
        "email_key": address.key,
        "name": "",
        "language": language[:MAX_LANGUAGE],
        "second_language": second[:MAX_LANGUAGE],
        "created_at": now,
    }


def lock(session: Session, subscriber: Subscriber) -> list[int]:
    """Hold the person's row until the transaction ends and read it afresh; return the ids of the subscriptions.

    It is the one mutex of a person, taken before any other row of theirs, so that nothing deadlocks.
    `key_share` leaves other transactions free to insert deliveries that point here.
    """
    mine = select(Subscriber.id).where(Subscriber.id == subscriber.id)
    session.execute(mine.with_for_update(key_share=True))
    session.refresh(subscriber)
    subscriptions = select(Subscription).where(Subscription.subscriber_id == subscriber.id).order_by(Subscription.id)
    return [row.id for row in session.scalars(subscriptions.execution_options(populate_existing=True))]


def clean_name(text: str) -> str:
    """Return a name without control characters or line breaks, of bearable length."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())[:MAX_NAME].strip()


def clean_country(code: str | None) -> str | None:
    """Return the code if it could be a country's (ISO 3166-1 alpha-2), else None."""
    return code if code and _COUNTRY.fullmatch(code) else None


def choices(subscription: Subscription) -> dict[str, Any]:
    """Return what a person has chosen."""
    subscriber = subscription.subscriber
    return {
        "topics": subscription.topics,
        "interests": subscription.interests,
        "language": subscriber.language,
        "second_language": subscriber.second_language,
        "country": subscriber.country,
        "name": subscriber.name,
    }


def apply(subscription: Subscription, chosen: Mapping[str, Any]) -> None:
    """Set what `chosen` names of `choices`; what cannot be a name, language or country is trimmed or left out."""
    subscriber = subscription.subscriber
    subscription.topics = chosen.get("topics", subscription.topics)
    subscription.interests = chosen.get("interests", subscription.interests)
    subscriber.language = str(chosen.get("language") or subscriber.language)[:MAX_LANGUAGE]
    if "second_language" in chosen:
        subscriber.second_language = str(chosen["second_language"] or "")[:MAX_LANGUAGE]
    if "name" in chosen:
        subscriber.name = clean_name(str(chosen["name"] or ""))
    if "country" in chosen:
        subscriber.country = clean_country(chosen["country"])


def record(
    session: Session, subscription: Subscription, event: str, evidence: Evidence, now: datetime, **detail: object
) -> None:
    """Append a line about this subscription, with the address as it is now."""
    consent.append(
        session,
        publication_id=subscription.publication_id,
        subject=subscription.subscriber.subject,
        event=event,
        evidence=evidence,
        detail={"address": subscription.subscriber.email, **detail},
        now=now,
    )


def hashed(subscription: Subscription, suppression_key: bytes) -> bytes | None:
    """Return the address as the suppression list keeps it, or None for somebody erased."""
    key = subscription.subscriber.email_key
    return None if key is None else tokens.address_hash(suppression_key, key)


def suppress(session: Session, subscription: Subscription, suppression_key: bytes, reason: str, now: datetime) -> None:
    """Put the person's address on the publication's suppression list."""
    address_hash = hashed(subscription, suppression_key)
    if address_hash is not None:
        suppression.suppress(session, subscription.publication_id, address_hash, reason=reason, now=now)


def lift(
    session: Session, subscription: Subscription, suppression_key: bytes, evidence: Evidence, now: datetime
) -> None:
    """Take the person's address off the list at their own confirmed request, with a ledger line if it was on it."""
    address_hash = hashed(subscription, suppression_key)
    was = address_hash and suppression.lift(session, subscription.publication_id, address_hash, now=now)
    if was:
        record(session, subscription, "lifted", evidence, now, reason=was)


def _subscription(session: Session, publication_id: int, subscriber: Subscriber, now: datetime) -> Subscription:
    mine = select(Subscription).where(
        Subscription.publication_id == publication_id, Subscription.subscriber_id == subscriber.id
    )
    found = session.scalar(mine)
    if found is None:  # nobody else makes it meanwhile: we hold the person's lock
        found = Subscription(publication_id=publication_id, subscriber=subscriber, state="pending", state_at=now)
        session.add(found)
        session.flush()
    return found
