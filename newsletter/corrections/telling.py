"""The short issue goes to everybody whose edition held the wrong words, to each once, and to nobody else."""

import json
from datetime import datetime

from sqlalchemy import Column, Integer, MetaData, Table, func, insert, literal, select
from sqlalchemy.orm import Session

from newsletter import issues
from newsletter.corrections import concerning, drafts
from newsletter.corrections.reach import HAVE_IT
from newsletter.models import Correction, Delivery, Edition, Issue, Release
from subscribers import guarded, languages
from subscribers.models import Subscriber, Subscription

# A table, because a list of values in a statement has a limit and editions may be hundreds.
_TABLE = Table(
    "correcting",
    MetaData(),
    Column("had", Integer, primary_key=True),
    Column("gets", Integer, nullable=False),
    prefixes=["TEMPORARY"],
)


def enlist(session: Session, issue: Issue, correction: Correction, *, now: datetime) -> int:
    """Make a queued delivery of the short issue for each reader who has, or may have, the wrong words.

    Call it before the issue's frozen revision moves, in one transaction with it, while nothing of the issue
    is under way. Whoever has unsubscribed since is left in peace. Returns how many are told.
    """
    short = drafts.short_of(session, correction)
    editions = _editions(session, issue, short, correction)
    if editions:
        connection = session.connection()
        _TABLE.create(connection)
        session.execute(insert(_TABLE), [{"had": had, "gets": gets} for had, gets in editions.items()])
        _deliver(session, issue, short)
        _TABLE.drop(connection)
    return _release(session, short, now=now)


def _editions(session: Session, issue: Issue, short: Issue, correction: Correction) -> dict[int, int]:
    """Return which edition of the short issue goes to the readers of which edition of the issue."""
    made = {
        (one.language, tuple(json.loads(one.stories))): one.id
        for one in session.scalars(select(Edition).where(Edition.issue_id == short.id))
    }
    concern, found = concerning.of(correction), {}
    for edition in drafts.known_editions(session, issue):
        told = concern.told(edition)
        if told is not None and (edition.language, told) in made:
            found[edition.id] = made[edition.language, told]
    return found


def _deliver(session: Session, issue: Issue, short: Issue) -> None:
    wrong = (
        select(literal(short.id), _TABLE.c.gets, Subscription.id, Subscription.subscriber_id, literal("queued"))
        .select_from(Delivery)
        .join(_TABLE, _TABLE.c.had == Delivery.edition_id)
        .join(Subscription, Subscription.id == Delivery.subscription_id)
        .join(Subscriber, Subscriber.id == Delivery.subscriber_id)
        .where(
            Delivery.issue_id == issue.id,
            Delivery.state.in_(HAVE_IT),
            Subscription.state == "active",
            Subscriber.email.is_not(None),
        )
        .order_by(Delivery.id)
    )
    columns = ["issue_id", "edition_id", "subscription_id", "subscriber_id", "state"]
    session.execute(guarded.insert_or_skip(session, Delivery).from_select(columns, wrong))


def _release(session: Session, short: Issue, *, now: datetime) -> int:
    """Let the short issue out, with what it enlisted: from here on it is sent, counted and closed like any issue."""
    enlisted = dict(
        session.execute(
            select(Edition.language, func.count())
            .join(Delivery, Delivery.edition_id == Edition.id)
            .where(Delivery.issue_id == short.id)
            .group_by(Edition.language)
        ).all()
    )
    counts = dict.fromkeys(issues.content(session, short).texts, 0)
    for language, count in enlisted.items():
        counts[languages.of(language)[0]] += count
    for language, count in counts.items():
        release = Release(issue_id=short.id, language=language, state="released", due_at=now, released_at=now)
        release.enlisted = count
        session.add(release)
    short.state = "sending"
    session.flush()
    session.expire(short, ["releases"])
    return sum(enlisted.values())
