"""What may happen to a subscription: ask, confirm, change, leave, hold, complain, erase (DESIGN 5.3, 5.9).

Every function first locks the subscriber's row, so that two things that happen to one person
at the same moment happen one after the other; SQLite's writers are serialised anyhow.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from subscribers import consent, people, suppression, tickets, tokens
from subscribers.address import Address
from subscribers.consent import Evidence
from subscribers.erasure import erase, purge_pending
from subscribers.errors import ExpiredError
from subscribers.models import Subscriber, Subscription, Ticket

__all__ = [
    "LIVE",
    "Asked",
    "Confirmed",
    "Wish",
    "ask",
    "ask_again",
    "change",
    "complain",
    "confirm",
    "erase",
    "find",
    "get",
    "hold",
    "leave",
    "purge_pending",
]

LIVE = ("active", "paused", "held", "filtered")
"""States of somebody who has confirmed and has not left."""


@dataclass(frozen=True)
class Wish:
    """What somebody asks for; it takes effect when it is confirmed. `topics` and `interests` are masks of bits."""

    address: Address
    name: str
    language: str
    country: str | None
    topics: int
    interests: int
    second_language: str = ""  # wants both in one mail


@dataclass(frozen=True)
class Asked:
    """What came of asking.

    `letter` says what to write in the same transaction: "confirmation" (with `token`),
    "already" (no token), or "none". The person is told the same thing in all three cases.
    """

    subscription: Subscription
    token: str | None
    letter: Literal["confirmation", "already", "none"]


@dataclass(frozen=True)
class Confirmed:
    """What came of confirming.

    `again`: the link had been used before and nothing was done; show the page of the first
    time, unless `subscription.state` is no longer "active", for the person may have left since.
    """

    subscription: Subscription
    again: bool


def ask(
    session: Session,
    publication_id: int,
    wish: Wish,
    *,
    suppression_key: bytes,
    evidence: Evidence,
    valid_for: timedelta,
    now: datetime,
) -> Asked:
    """Note a request and return which letter to write; nothing is subscribed before `confirm`.

    Of two requests at the same moment for a new address one makes the subscriber and the
    other finds it. Letters are capped by `tickets.may_mail`; after a complaint there is one.
    """
    subscription = people.enrol(session, publication_id, wish.address, wish.language, now=now)
    if subscription.state == "active":
        return Asked(subscription, None, "already")
    hashed = tokens.address_hash(suppression_key, wish.address.key)
    if not tickets.may_mail(session, subscription.subscriber_id, now=now):
        return Asked(subscription, None, "none")
    if not suppression.grant_letter(session, publication_id, hashed, now=now):
        return Asked(subscription, None, "none")
    return _mail_ticket(session, subscription, _effect(wish), evidence=evidence, valid_for=valid_for, now=now)


def ask_again(
    session: Session, token: str, *, valid_for: timedelta, now: datetime, evidence: Evidence | None = None
) -> Asked:
    """Return a fresh token for an expired link, with the same wish and under the same caps; raise TokenError."""
    ticket, subscription = _open(session, token)
    if subscription.state == "active":
        return Asked(subscription, None, "already")
    if ticket.used_at is not None or not tickets.may_mail(session, subscription.subscriber_id, now=now):
        return Asked(subscription, None, "none")
    said = evidence or Evidence(method="link")
    return _mail_ticket(session, subscription, tickets.payload(ticket), evidence=said, valid_for=valid_for, now=now)


def confirm(session: Session, token: str, *, suppression_key: bytes, evidence: Evidence, now: datetime) -> Confirmed:
    """Carry out the wish behind a mailed link, once; raise TokenError or ExpiredError.

    It lifts a suppression of this address: who holds the link has read the address's mail.
    """
    ticket, subscription = _open(session, token)
    if not tickets.use(session, ticket, now=now):
        if ticket.used_at is None:
            raise ExpiredError
        return Confirmed(subscription, again=True)
    tickets.settle(session, subscription.id, now=now)
    people.lift(session, subscription, suppression_key, evidence, now)
    effect = tickets.payload(ticket)
    people.apply(subscription, effect)
    subscription.state, subscription.state_at, subscription.confirmed_at = "active", now, now
    subscription.source = (evidence.source or evidence.method)[:64]
    people.record(session, subscription, "confirmed", evidence, now, wish=effect)
    return Confirmed(subscription, again=False)


def change(
    session: Session,
    subscription: Subscription,
    *,
    evidence: Evidence,
    now: datetime,
    topics: int | None = None,
    interests: int | None = None,
    language: str | None = None,
    second_language: str | None = None,
    country: str | None = None,
    name: str | None = None,
) -> bool:
    """Set what is given; return False where nothing differs or the person does not subscribe (any more).

    `country=""` clears the country, `second_language=""` the wish for both languages.
    """
    people.lock(session, subscription.subscriber)
    if subscription.state not in LIVE:
        return False
    given = {
        "topics": topics,
        "interests": interests,
        "language": language,
        "second_language": second_language,
        "country": country,
        "name": name,
    }
    before = people.choices(subscription)
    people.apply(subscription, {key: value for key, value in given.items() if value is not None})
    after = people.choices(subscription)
    if before == after:
        return False
    differing = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    people.record(session, subscription, "changed", evidence, now, change=differing)
    return True


def leave(
    session: Session,
    subscription: Subscription,
    *,
    suppression_key: bytes,
    evidence: Evidence,
    now: datetime,
    reason: str = "",
) -> bool:
    """Unsubscribe and suppress the address; return False where the person had left before: show the same page."""
    people.lock(session, subscription.subscriber)
    if subscription.state in ("left", "erased"):
        return False
    subscription.state, subscription.state_at = "left", now
    tickets.expire(session, subscription.id, now=now)
    people.suppress(session, subscription, suppression_key, "left", now)
    people.record(session, subscription, "left", evidence, now, reason=reason[: consent.MAX_EVIDENCE])
    return True


def hold(
    session: Session,
    subscription: Subscription,
    *,
    suppression_key: bytes,
    evidence: Evidence,
    reason: str,
    now: datetime,
) -> bool:
    """Stop mailing an address that is dead and suppress it; return False where nothing was mailed anyhow.

    A request not yet confirmed stays one, so that it is forgotten like any other.
    """
    people.lock(session, subscription.subscriber)
    if subscription.state not in ("active", "paused", "filtered"):
        return False
    subscription.state, subscription.state_at = "held", now
    people.suppress(session, subscription, suppression_key, "bounced", now)
    people.record(session, subscription, "held", evidence, now, reason=reason)
    return True


def complain(
    session: Session, subscription: Subscription, *, suppression_key: bytes, evidence: Evidence, now: datetime
) -> bool:
    """Unsubscribe somebody who called us spam; return False where that is on record. Write no letter of any kind."""
    people.lock(session, subscription.subscriber)
    hashed = people.hashed(subscription, suppression_key)
    if hashed is None or suppression.reason(session, subscription.publication_id, hashed) == "complained":
        return False
    if subscription.state != "left":
        subscription.state, subscription.state_at = "left", now
    tickets.drop(session, subscription.id)
    people.suppress(session, subscription, suppression_key, "complained", now)
    people.record(session, subscription, "complained", evidence, now)
    return True


def find(session: Session, publication_id: int, address: Address) -> Subscription | None:
    """Return the subscription of an address in any state, or None."""
    return session.scalar(
        select(Subscription)
        .join(Subscription.subscriber)
        .where(Subscription.publication_id == publication_id, Subscriber.email_key == address.key)
        .options(joinedload(Subscription.subscriber, innerjoin=True))
    )


def get(session: Session, subscription_id: int) -> Subscription | None:
    """Return the subscription with its subscriber, or None; an erased one is returned too, without an address."""
    return session.get(Subscription, subscription_id, options=[joinedload(Subscription.subscriber, innerjoin=True)])


def _open(session: Session, token: str) -> tuple[Ticket, Subscription]:
    """Return a confirmation link's ticket and its locked subscription; raise TokenError."""
    ticket = tickets.find(session, token, "confirm")
    subscription = session.get_one(Subscription, ticket.subscription_id)
    people.lock(session, subscription.subscriber)
    return tickets.find(session, token, "confirm"), subscription  # it may have gone while we waited for the lock


def _effect(wish: Wish) -> dict[str, object]:
    return {
        "name": people.clean_name(wish.name),
        "language": wish.language[: people.MAX_LANGUAGE],
        "second_language": wish.second_language[: people.MAX_LANGUAGE],
        "country": people.clean_country(wish.country),
        "topics": wish.topics,
        "interests": wish.interests,
    }


def _mail_ticket(
    session: Session,
    subscription: Subscription,
    effect: dict[str, object],
    *,
    evidence: Evidence,
    valid_for: timedelta,
    now: datetime,
) -> Asked:
    token = tickets.issue(session, subscription.id, "confirm", effect, valid_for=valid_for, now=now)
    people.record(session, subscription, "requested", evidence, now, wish=effect)
    return Asked(subscription, token, "confirmation")
