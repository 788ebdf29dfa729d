"""Which combination of choices gets which edition: a temporary table, joined with the readers to make deliveries."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    and_,
    func,
    insert,
    literal,
)
from sqlalchemy.orm import Session

from newsletter.models import Delivery
from subscribers import audience, guarded
from subscribers.audience import Group
from subscribers.models import Subscription

Readers = Select[int, int, str, int, int]
"""A query of `subscribers.audience.readers`, perhaps of some of them only."""

# A table, because a list of values in a statement has a limit and combinations may be thousands.
_TABLE = Table(
    "enlisting",
    MetaData(),
    Column("wish", String(33), primary_key=True),
    Column("topics", BigInteger, primary_key=True),
    Column("interests", BigInteger, primary_key=True),
    Column("edition_id", Integer),  # none: the issue holds nothing for them
    prefixes=["TEMPORARY"],
)
_SAME = and_(
    _TABLE.c.wish == audience.WISH,
    _TABLE.c.topics == Subscription.topics,
    _TABLE.c.interests == Subscription.interests,
)


@contextmanager
def opened(session: Session) -> Iterator[None]:
    """Have an empty table for the time of one enlisting."""
    connection = session.connection()
    _TABLE.create(connection)
    yield
    _TABLE.drop(connection)


def unknown(session: Session, readers: Readers) -> list[Group]:
    """Return the combinations among `readers` that are not in the table yet."""
    chosen = (audience.WISH, Subscription.topics, Subscription.interests)
    query = readers.outerjoin(_TABLE, _SAME).where(_TABLE.c.wish.is_(None)).with_only_columns(*chosen, func.count())
    return [Group(*row) for row in session.execute(query.group_by(*chosen))]


def note(session: Session, groups: list[Group], edition_of: Callable[[Group], int | None]) -> int:
    """Put combinations into the table with their editions; return for how many readers there is none."""
    rows = [
        {"wish": one.language, "topics": one.topics, "interests": one.interests, "edition_id": edition_of(one)}
        for one in groups
    ]
    if rows:
        session.execute(insert(_TABLE), rows)
    return sum(one.count for one, row in zip(groups, rows, strict=True) if row["edition_id"] is None)


def deliver(session: Session, issue_id: int, readers: Readers) -> int:
    """Make a queued delivery for each of `readers` whose combination has an edition; return how many are new."""
    made = (
        readers.join(_TABLE, _SAME)
        .where(_TABLE.c.edition_id.is_not(None))
        .with_only_columns(
            literal(issue_id), _TABLE.c.edition_id, Subscription.id, Subscription.subscriber_id, literal("queued")
        )
        .order_by(Subscription.id)
    )
    columns = ["issue_id", "edition_id", "subscription_id", "subscriber_id", "state"]
    insertion = guarded.insert_or_skip(session, Delivery).from_select(columns, made)
    # PostgreSQL's driver tells the count of an INSERT only where it is asked to keep it.
    result: Any = session.execute(insertion, execution_options={"preserve_rowcount": True})
    count: int = result.rowcount
    return count
