"""What the rows of an issue say, counted: by language, topic, country, mail server and reason; reads only."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from newsletter.models import Delivery, Edition
from subscribers import bits
from subscribers.models import ReceivedMail, Subscriber, Subscription

MOST_DOMAINS = 20
OTHER = "other"
"""All the domains after the largest."""
ERASED = "erased"
"""Readers whose address is gone."""
UNTOLD = "untold"
"""Readers who have named no country or no topic."""
TROUBLE = ("refused", "given_up", "uncertain", "deferred")
"""States that have a reason."""
ANSWERED = ("sent", "refused", "uncertain")
"""States after which nothing more is tried."""

Table = dict[str, dict[str, int]]
"""Counts by a word and by state: {"ja": {"sent": 12}}."""


@dataclass(frozen=True)
class Groups:
    """The same people counted three ways; who chose two topics counts once for each."""

    languages: Table
    topics: Table
    countries: Table


@dataclass(frozen=True)
class Times:
    """When the first message began to go out, when the last answer came, and how long the first round took."""

    began: datetime | None
    ended: datetime | None
    round_ended: datetime | None
    round_answered: int

    @property
    def per_minute(self) -> int:
        """Return how many a minute were answered for in the first round; 0 where it cannot be said."""
        if self.began is None or self.round_ended is None or not self.round_answered:
            return 0
        seconds = max((self.round_ended - self.began).total_seconds(), 1)
        return round(self.round_answered * 60 / seconds)


def groups(session: Session, issue_id: int, publication_id: int) -> Groups:
    """Return the counts by language, by topic and by the country people live in, in one walk over the rows."""
    found = session.execute(
        select(Edition.language, func.coalesce(Subscriber.country, UNTOLD), Subscription.topics, Delivery.state, _COUNT)
        .join(Edition, Edition.id == Delivery.edition_id)
        .join(Subscription, Subscription.id == Delivery.subscription_id)
        .join(Subscriber, Subscriber.id == Delivery.subscriber_id)
        .where(Delivery.issue_id == issue_id)
        .group_by(Edition.language, Subscriber.country, Subscription.topics, Delivery.state)
    ).all()
    known = bits.load(session, publication_id)
    return Groups(
        _table((language, state, count) for language, _, _, state, count in found),
        _table(
            (topic, state, count)
            for _, _, topics, state, count in found
            for topic in known.topic_keys(topics) or [UNTOLD]
        ),
        _table((country, state, count) for _, country, _, state, count in found),
    )


def reasons(session: Session, issue_id: int) -> dict[str, int]:
    """Return how many have which reason, the most first."""
    reason = func.coalesce(Delivery.reason, OTHER)
    found = session.execute(
        select(reason, _COUNT)
        .where(Delivery.issue_id == issue_id, Delivery.state.in_(TROUBLE))
        .group_by(reason)
        .order_by(_COUNT.desc(), reason)
    )
    return dict(found.all())


def domains(session: Session, issue_id: int) -> Table:
    """Return the counts by domain: the largest by name, the others together."""
    domain = func.coalesce(_domain(session), ERASED)
    found = session.execute(
        select(domain, Delivery.state, _COUNT)
        .join(Subscriber, Subscriber.id == Delivery.subscriber_id)
        .where(Delivery.issue_id == issue_id)
        .group_by(domain, Delivery.state)
    )
    table = _table(found)
    by_size = sorted(table, key=lambda name: (-sum(table[name].values()), name))
    rest = _table((OTHER, state, count) for name in by_size[MOST_DOMAINS:] for state, count in table[name].items())
    return {name: table[name] for name in by_size[:MOST_DOMAINS]} | rest


def resent(session: Session, issue_id: int) -> dict[str, int]:
    """Return how many a person had sent again, by the state they were in before."""
    again = Delivery.issue_id == issue_id, Delivery.resent_from != ""
    found = session.execute(select(Delivery.resent_from, _COUNT).where(*again).group_by(Delivery.resent_from))
    return dict(found.all())


def times(session: Session, issue_id: int) -> Times:
    """Return the times of an issue; the first round is every row that needed one attempt."""
    mine = Delivery.issue_id == issue_id
    began, ended = session.execute(
        select(func.min(Delivery.marked_at), func.max(Delivery.settled_at)).where(mine, Delivery.marked_at.is_not(None))
    ).one()
    first = Delivery.attempts <= 1, Delivery.resent_from == "", Delivery.state.in_(ANSWERED)
    round_ended, count = session.execute(select(func.max(Delivery.settled_at), _COUNT).where(mine, *first)).one()
    return Times(began, ended, round_ended, count)


def came_back(session: Session, issue_id: int) -> dict[str, int]:
    """Return how many copies counted as sent came back or were called spam afterwards ("bounce", "complaint").

    The envelope names the reader and not the issue, so that what comes is laid to the newest issue they had got.
    """
    newer = aliased(Delivery)
    later = (
        select(newer.id)
        .where(
            newer.subscriber_id == Delivery.subscriber_id,
            newer.state == "sent",
            newer.settled_at > Delivery.settled_at,
            newer.settled_at <= ReceivedMail.received_at,
        )
        .exists()
    )
    found = session.execute(
        select(ReceivedMail.kind, func.count(Delivery.id.distinct()))
        .join(Subscription, Subscription.id == ReceivedMail.subscription_id)
        .join(
            Delivery,
            (Delivery.subscriber_id == Subscription.subscriber_id) & (Delivery.subscription_id == Subscription.id),
        )
        .where(
            ReceivedMail.kind.in_(("bounce", "complaint")),
            Delivery.issue_id == issue_id,
            Delivery.state == "sent",
            Delivery.settled_at <= ReceivedMail.received_at,
            ~later,
        )
        .group_by(ReceivedMail.kind)
    )
    return dict(found.all())


_COUNT: ColumnElement[int] = func.count()


def _domain(session: Session) -> ColumnElement[str]:
    if session.get_bind().dialect.name == "postgresql":
        return func.split_part(Subscriber.email, "@", 2)
    return func.substr(Subscriber.email, func.instr(Subscriber.email, "@") + 1)


def _table(rows: Iterable[Any]) -> Table:
    table: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for word, state, count in rows:
        table[word][state] += count
    return {word: dict(states) for word, states in sorted(table.items())}
