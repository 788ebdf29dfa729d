"""Mailed links with one purpose and one effect; of their tokens only hashes are kept (DESIGN 5.9)."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from subscribers import guarded, tokens
from subscribers.errors import TokenError
from subscribers.models import Subscription, Ticket

LETTERS_WITHIN = timedelta(hours=24)
MOST_LETTERS = 2
REPEAT_AFTER = timedelta(minutes=10)
"""An address gets one unanswered confirmation letter a day, and once more if the first is ten minutes old."""


def issue(
    session: Session,
    subscription_id: int,
    purpose: str,
    payload: Mapping[str, object],
    *,
    valid_for: timedelta,
    now: datetime,
) -> str:
    """Store a new ticket and return its token, which is to be mailed and is known nowhere else."""
    token, token_hash = tokens.new_ticket()
    session.add(
        Ticket(
            token_hash=token_hash,
            purpose=purpose,
            subscription_id=subscription_id,
            created_at=now,
            expires_at=now + valid_for,
            payload=json.dumps(payload),
        )
    )
    session.flush()
    return token


def find(session: Session, token: str, purpose: str) -> Ticket:
    """Return the ticket of a mailed token as it is now, used or expired though it may be; raise TokenError."""
    mailed = select(Ticket).where(Ticket.token_hash == tokens.ticket_hash(token), Ticket.purpose == purpose)
    ticket = session.scalar(mailed.execution_options(populate_existing=True))
    if ticket is None:
        raise TokenError
    return ticket


def payload(ticket: Ticket) -> dict[str, Any]:
    """Return what takes effect when the ticket is used."""
    stored: dict[str, Any] = json.loads(ticket.payload)
    return stored


def language(session: Session, token: str) -> str:
    """Return the language the wish behind a confirmation link was written in; raise TokenError."""
    return str(payload(find(session, token, "confirm"))["language"])


def use(session: Session, ticket: Ticket, *, now: datetime) -> bool:
    """Use it up; return whether this call was the one: of two at the same moment, one gets True."""
    still_good = (Ticket.token_hash == ticket.token_hash, Ticket.used_at.is_(None), Ticket.expires_at > now)
    return guarded.write(session, update(Ticket).where(*still_good).values(used_at=now)) == 1


def may_mail(session: Session, subscriber_id: int, *, now: datetime) -> bool:
    """Return whether another confirmation letter may go to this person; hold the subscription's lock."""
    count, newest = session.execute(
        select(func.count(), func.max(Ticket.created_at))
        .join(Subscription, Subscription.id == Ticket.subscription_id)
        .where(
            Subscription.subscriber_id == subscriber_id,
            Ticket.purpose == "confirm",
            Ticket.used_at.is_(None),
            Ticket.created_at > now - LETTERS_WITHIN,
        )
    ).one()
    return count == 0 or (count < MOST_LETTERS and newest <= now - REPEAT_AFTER)


def settle(session: Session, subscription_id: int, *, now: datetime) -> None:
    """Mark the other confirmation links of a confirmed person as used: each shows the same page from now on."""
    _open(session, subscription_id, used_at=now)


def expire(session: Session, subscription_id: int, *, now: datetime) -> None:
    """Let no link mailed before now bring anybody back; each offers to send a fresh one."""
    _open(session, subscription_id, expires_at=now)


def drop(session: Session, subscription_id: int) -> None:
    """Delete every ticket of a subscription; its links are no longer ours."""
    session.execute(delete(Ticket).where(Ticket.subscription_id == subscription_id))


def _open(session: Session, subscription_id: int, **values: datetime) -> None:
    unused = (Ticket.subscription_id == subscription_id, Ticket.used_at.is_(None), Ticket.purpose == "confirm")
    session.execute(update(Ticket).where(*unused).values(**values))
