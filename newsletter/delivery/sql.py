"""Statements that go to the driver as they are, in the words of SQLite or PostgreSQL."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


class Sql:
    """One connection's dialect: `?` for a value, `IN_IDS` for a list of ids made by `ids`.

    SQLite's own cursor is used: SQLAlchemy's takes longer than the statement. Errors and the transaction stay
    SQLAlchemy's.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.postgres = connection.dialect.name == "postgresql"
        if not connection.in_transaction():
            connection.begin()  # as every statement of SQLAlchemy's would

    def all(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run a statement; return its rows."""
        said = _said(statement, postgres=self.postgres)
        if self.postgres:
            return [tuple(row) for row in self._connection.exec_driver_sql(said, values)]
        with self._cursor(said) as cursor:
            rows: list[tuple[Any, ...]] = cursor.execute(said, values).fetchall()
            return rows

    def run(self, statement: str, *values: Any) -> int:
        """Run a statement; return how many rows it changed."""
        said = _said(statement, postgres=self.postgres)
        if self.postgres:
            return self._connection.exec_driver_sql(said, values).rowcount
        with self._cursor(said) as cursor:
            changed: int = cursor.execute(said, values).rowcount
            return changed

    def run_many(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> int:
        """Run a statement for each row of values; return how many rows it changed in all."""
        if not rows:
            return 0
        said = _said(statement, postgres=self.postgres)
        if self.postgres:
            return self._connection.exec_driver_sql(said, list(rows)).rowcount
        with self._cursor(said) as cursor:
            changed: int = cursor.executemany(said, rows).rowcount
            return changed

    def run_each(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> list[int]:
        """Run a statement for each row of values; return how many rows each changed."""
        return [self.run(statement, *values) for values in rows]

    def clock(self) -> datetime:
        """Return the time that decides: the database's, or this machine's where the database is a file."""
        if self.postgres:
            [(moment,)] = self.all("SELECT clock_timestamp()")
            return moment.astimezone(UTC)  # type: ignore[no-any-return] # a timestamptz is a datetime
        return datetime.now(UTC)

    def ids(self, ids: Sequence[int]) -> Any:
        """Return the value for IN_IDS: one value however many ids, so that the statement stays the same."""
        return list(ids) if self.postgres else json.dumps(list(ids))

    def time(self, moment: datetime | None) -> Any:
        """Return a moment as `UtcDateTime` stores it."""
        if moment is None or self.postgres:
            return moment
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")

    @contextmanager
    def _cursor(self, statement: str) -> Iterator[Any]:
        driver = self._connection.dialect.loaded_dbapi
        cursor = self._connection.connection.cursor()
        try:
            yield cursor
        except driver.Error as error:
            raise DBAPIError.instance(statement, None, error, driver.Error) from error
        finally:
            cursor.close()


class Direct(Sql):
    """SQLite's own connection with nothing in between, for what is written once a message; errors are sqlite3's."""

    def __init__(self, connection: Connection) -> None:
        """Take the driver's connection of one that has no transaction, and is used for nothing else from now on."""
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - tells the type checker what the engine gives
        self._driver = driver
        self._one = driver.cursor()
        self.postgres = False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Take the write lock; commit at the end, roll back on an exception."""
        self._driver.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._driver.execute("COMMIT")
        except BaseException:
            if self._driver.in_transaction:
                self._driver.execute("ROLLBACK")
            raise

    def all(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run a statement; return its rows."""
        return self._one.execute(_said(statement, postgres=False), values).fetchall()

    def run(self, statement: str, *values: Any) -> int:
        """Run a statement; return how many rows it changed."""
        return self._one.execute(_said(statement, postgres=False), values).rowcount

    def run_many(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> int:
        """Run a statement for each row of values; return how many rows it changed in all."""
        return self._one.executemany(_said(statement, postgres=False), rows).rowcount if rows else 0

    def run_each(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> list[int]:
        """Run a statement for each row of values; return how many rows each changed."""
        said, execute = _said(statement, postgres=False), self._one.execute
        return [execute(said, values).rowcount for values in rows]


def of(connection: Connection | Sql) -> Sql:
    """Return what speaks over a connection."""
    return connection if isinstance(connection, Sql) else Sql(connection)


@lru_cache
def _said(statement: str, *, postgres: bool) -> str:
    if postgres:
        return statement.replace("IN_IDS", "= ANY(?)").replace("?", "%s")
    return statement.replace("IN_IDS", "IN (SELECT value FROM json_each(?))")
