"""Writes whose row count decides who was first."""

from typing import Any

from sqlalchemy import Delete, Update, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from subscribers.base import Base


def insert_or_skip(session: Session, model: type[Base]) -> Any:
    """Return an INSERT (the dialect's own, hence Any) that skips rows whose unique key is taken.

    PostgreSQL waits for the other transaction to end before it skips, so a SELECT that
    follows finds the winner's row.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(model).on_conflict_do_nothing()


def insert(session: Session, model: type[Base], **values: object) -> bool:
    """Insert one row; return False where its unique key was taken and nothing was written."""
    # The row is asked back, since PostgreSQL's driver gives no row count to an INSERT that fetches a new key.
    key = inspect(model).primary_key
    return session.execute(insert_or_skip(session, model).values(**values).returning(*key)).first() is not None


def write(session: Session, statement: Update | Delete) -> int:
    """Execute an UPDATE or DELETE and return how many rows it found as its WHERE expects them."""
    result: Any = session.execute(statement)  # a CursorResult, though typed as any result
    count: int = result.rowcount
    return count
