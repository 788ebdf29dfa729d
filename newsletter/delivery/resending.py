"""Send an issue again to those who failed, and to those who may have it: only a person does either (DESIGN 5.1).

A row goes back to the queue by a guarded update, once, with the same Message-ID. Whoever has it, has left or is
held is never among them. To know whom it is about costs a read; each write is short.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from newsletter import audit
from newsletter.delivery.sql import Sql
from newsletter.errors import StateError
from newsletter.models import Claim, Correction, Delivery, Edition, Issue
from subscribers.models import Subscriber, Subscription

FAILED = ("refused", "given_up")
WAIT = timedelta(minutes=10)
"""After the lease of the process that sent it: until then its answer may still come (DESIGN 5.1)."""
MOST = 500
"""Rows queued in one transaction, so that it holds the write lock well under 100 ms."""
OTHER = "other"

_FAILED = "r.state IN ('refused', 'given_up')"
_DOUBTFUL = (
    "r.state = 'uncertain' AND r.settled_at <= ?"
    " AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.id = r.claim_id AND c.lease_until > ?)"
)
_THERE = "EXISTS (SELECT 1 FROM subscription s WHERE s.id = r.subscription_id AND s.state = 'active')"
_AGAIN = (
    "UPDATE delivery AS r SET state = 'queued', claim_id = NULL, attempts = 0, next_at = NULL, settled_at = NULL,"
    " code = NULL, reply = NULL, reason = NULL, left_at = NULL,"
    " resent_from = CASE WHEN r.resent_from = 'uncertain' THEN 'uncertain' ELSE r.state END"
)


@dataclass(frozen=True)
class Failed:
    """Those who failed for one reason: how many can be sent the issue again, and how many have gone since."""

    reason: str
    people: int
    gone: int  # left, held or erased


@dataclass(frozen=True)
class Doubt:
    """Somebody who may have the issue."""

    delivery_id: int
    name: str
    email: str
    reason: str
    sure_at: datetime  # from then on no late answer can come
    there: bool  # still subscribed
    left: bool  # a person decided to leave it


def failed(session: Session, issue_id: int) -> list[Failed]:
    """Return who failed, by reason, the most first."""
    there = func.sum(case((Subscription.state == "active", 1), else_=0))
    reason = func.coalesce(Delivery.reason, OTHER)
    found = session.execute(
        select(reason, there, func.count())
        .join(Subscription, Subscription.id == Delivery.subscription_id)
        .where(Delivery.issue_id == issue_id, Delivery.state.in_(FAILED))
        .group_by(reason)
        .order_by(func.count().desc(), reason)
    )
    return [Failed(word, int(people), count - int(people)) for word, people, count in found]


def who_failed(session: Session, issue_id: int, reasons: Collection[str]) -> list[int]:
    """Return the deliveries to queue again: failed for one of `reasons`, and still subscribed."""
    query = (
        select(Delivery.id)
        .join(Subscription, Subscription.id == Delivery.subscription_id)
        .where(
            Delivery.issue_id == issue_id,
            Delivery.state.in_(FAILED),
            func.coalesce(Delivery.reason, OTHER).in_(reasons),
            Subscription.state == "active",
        )
    )
    return list(session.scalars(query.order_by(Delivery.id)))


def doubts(session: Session, issue_id: int, *, limit: int | None = None) -> list[Doubt]:
    """Return who may have the issue, by name, those still to be decided first; whoever is erased has no name."""
    query = (
        select(Delivery, Subscriber.name, Subscriber.email, Subscription.state, Claim.lease_until)
        .join(Subscriber, Subscriber.id == Delivery.subscriber_id)
        .join(Subscription, Subscription.id == Delivery.subscription_id)
        .outerjoin(Claim, Claim.id == Delivery.claim_id)
        .where(Delivery.issue_id == issue_id, Delivery.state == "uncertain")
        .order_by(Delivery.left_at.is_not(None), Delivery.id)
        .limit(limit)
    )
    return [
        Doubt(
            row.id,
            name,
            email or "",
            row.reason or OTHER,
            max(moment for moment in (row.settled_at, lease) if moment) + WAIT,
            state == "active",
            row.left_at is not None,
        )
        for row, name, email, state, lease in session.execute(query)
    ]


def again(session: Session, issue: Issue, delivery_ids: Sequence[int], *, now: datetime, editor_id: int | None) -> int:
    """Queue those of at most `MOST` deliveries that failed; return how many, which may be fewer: not all are there.

    A closed issue is sent again, and closes again with a new report. Raises StateError for one that is
    cancelled or not out, and while a correction of it is under way.
    """
    return _queue(session, issue, delivery_ids, _FAILED, [], now=now, editor_id=editor_id)


def again_in_doubt(
    session: Session, issue: Issue, delivery_ids: Sequence[int], *, now: datetime, editor_id: int | None
) -> int:
    """Queue those who may have the issue; return how many were taken.

    Only rows whose lease was over ten minutes ago. What is left of doubt is the person's: a process that was
    frozen between its mark and its write may still wake and send, and then it arrives twice. Raises as `again`.
    """
    sql = Sql(session.connection())
    before = sql.time(now - WAIT)
    return _queue(session, issue, delivery_ids, _DOUBTFUL, [before, before], now=now, editor_id=editor_id)


def leave(session: Session, issue: Issue, delivery_ids: Sequence[int], *, now: datetime, editor_id: int | None) -> int:
    """Note that a person leaves these as they are, "may have arrived"; nobody is asked about them any more."""
    sql = Sql(session.connection())
    left = sql.run(
        "UPDATE delivery AS r SET left_at = ?"
        " WHERE r.id IN_IDS AND r.issue_id = ? AND r.state = 'uncertain' AND r.left_at IS NULL",
        sql.time(now),
        sql.ids(delivery_ids[:MOST]),
        issue.id,
    )
    if left:
        audit.record(session, "leave in doubt", f"issue {issue.id}", editor_id=editor_id, now=now, deliveries=left)
    return left


def _queue(
    session: Session,
    issue: Issue,
    delivery_ids: Sequence[int],
    state: str,
    values: list[object],
    *,
    now: datetime,
    editor_id: int | None,
) -> int:
    # The issue's row first, as at a release: whoever closes, cancels or corrects it is before us or waits for us.
    session.refresh(issue, with_for_update=True)
    if issue.state not in ("sending", "closed"):
        message = f"Issue {issue.number} is {issue.state}; it cannot be sent again."
        raise StateError(message)
    wanted = list(delivery_ids[:MOST])
    _use_corrected(session, issue, wanted)
    sql = Sql(session.connection())
    queued = sql.run(
        f"{_AGAIN} WHERE r.id IN_IDS AND r.issue_id = ? AND {state} AND {_THERE}",
        sql.ids(wanted),
        issue.id,
        *values,
    )
    if not queued:
        return 0
    reopened = update(Issue).where(Issue.id == issue.id, Issue.state == "closed")
    session.execute(reopened.values(state="sending", closed_at=None, paused_at=None, paused_reason=None, paused_for=""))
    session.refresh(issue)
    audit.record(session, "send again", f"issue {issue.id}", editor_id=editor_id, now=now, deliveries=queued)
    return queued


def _use_corrected(session: Session, issue: Issue, delivery_ids: Sequence[int]) -> None:
    """Let a second wave carry the corrected words; raise StateError where there are none."""
    corrections = session.scalars(
        select(Correction).where(Correction.issue_id == issue.id, Correction.state != "dropped")
    ).all()
    if any(one.state != "applied" for one in corrections):
        message = f"Issue {issue.number} is being corrected. Finish the correction first, then send again."
        raise StateError(message)
    if not corrections:
        return
    sql = Sql(session.connection())
    used = {
        row[0] for row in sql.all("SELECT DISTINCT edition_id FROM delivery WHERE id IN_IDS", sql.ids(delivery_ids))
    }
    successors = _successors(session, issue, corrections, used)
    for old, new in successors.items():
        sql.run(
            "UPDATE delivery SET edition_id = ? WHERE edition_id = ? AND id IN_IDS AND state IN"
            " ('refused', 'given_up', 'uncertain')",
            new,
            old,
            sql.ids(delivery_ids),
        )


def _successors(
    session: Session, issue: Issue, corrections: Sequence[Correction], used: Collection[int]
) -> dict[int, int]:
    newest = max(one.revision or 0 for one in corrections)
    editions = session.scalars(select(Edition).where(Edition.issue_id == issue.id)).all()
    corrected = {(one.language, one.stories): one.id for one in editions if one.revision == newest}
    found: dict[int, int] = {}
    for edition in editions:
        if edition.id not in used or edition.revision >= newest:
            continue
        successor = corrected.get((edition.language, edition.stories))
        if successor is not None:
            found[edition.id] = successor
        elif any(_concerns(one, edition) for one in corrections if (one.revision or 0) > edition.revision):
            message = f"Issue {issue.number} was corrected; what would be sent again still has the old words."
            raise StateError(message)
    return found


def _concerns(correction: Correction, edition: Edition) -> bool:
    told = set(json.loads(correction.stories)) & set(json.loads(edition.stories))
    return bool(told) or correction.texts not in ("", "{}")
