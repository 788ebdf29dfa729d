"""Statements that go to the driver as they are, in the words of SQLite or PostgreSQL."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection


class Sql:
    """One connection's dialect: `?` for a value, `IN_IDS` for a list of ids made by `ids`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.postgres = connection.dialect.name == "postgresql"

    def all(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run a statement; return its rows."""
        return [tuple(row) for row in self._connection.exec_driver_sql(self._said(statement), values)]

    def run(self, statement: str, *values: Any) -> int:
        """Run a statement; return how many rows it changed."""
        return self._connection.exec_driver_sql(self._said(statement), values).rowcount

    def run_many(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> int:
        """Run a statement for each row of values; return how many rows it changed in all."""
        if not rows:
            return 0
        return self._connection.exec_driver_sql(self._said(statement), list(rows)).rowcount

    def ids(self, ids: Sequence[int]) -> Any:
        """Return the value for IN_IDS: one value however many ids, so that the statement stays the same."""
        return list(ids) if self.postgres else json.dumps(list(ids))

    def time(self, moment: datetime | None) -> Any:
        """Return a moment as `UtcDateTime` stores it."""
        if moment is None or self.postgres:
            return moment
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")

    def _said(self, statement: str) -> str:
        if self.postgres:
            return statement.replace("IN_IDS", "= ANY(?)").replace("?", "%s")
        return statement.replace("IN_IDS", "IN (SELECT value FROM json_each(?))")
