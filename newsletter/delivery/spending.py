"""What earlier runs sent, kept in the database: counts by the minute, and the rate of the last one."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from newsletter.delivery.sql import Sql
from newsletter.delivery.sql import of as sql_of

KEPT = timedelta(days=2)
"""Longer than any limit lasts, also on the day of 25 hours."""

_MINUTE, _HOUR = 60, 3600


def note(connection: Connection | Sql, messages: int, *, now: datetime) -> None:
    """Count messages that are put on the wire, in the transaction that marks them."""
    sql_of(connection).run(
        "INSERT INTO pace_count (minute, messages) VALUES (?, ?)"
        " ON CONFLICT (minute) DO UPDATE SET messages = pace_count.messages + excluded.messages",
        int(now.timestamp()) // _MINUTE,
        messages,
    )


def read(connection: Connection, *, now: datetime) -> list[tuple[float, int]]:
    """Return what was sent in the last two days: (seconds since 1970, how many), oldest first.

    A minute's messages are given at its last moment, as if they had left as late as they can have.
    """
    counts = Sql(connection).all(
        "SELECT minute, messages FROM pace_count WHERE minute >= ? ORDER BY minute",
        int((now - KEPT).timestamp()) // _MINUTE,
    )
    last = now.timestamp()
    return [(min((minute + 1) * _MINUTE - 0.001, last), messages) for minute, messages in counts]


def forget(connection: Connection, *, now: datetime) -> None:
    """Delete what no limit asks for any more."""
    Sql(connection).run("DELETE FROM pace_count WHERE minute < ?", int((now - KEPT).timestamp()) // _MINUTE)


def note_rate(connection: Connection, per_second: float, *, now: datetime) -> None:
    """Keep how fast an issue went."""
    sql = Sql(connection)
    sql.run(
        "INSERT INTO pace_rate (id, messages_per_hour, measured_at) VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE"
        " SET messages_per_hour = excluded.messages_per_hour, measured_at = excluded.measured_at",
        int(per_second * _HOUR),
        sql.time(now),
    )


def rate(connection: Connection) -> float | None:
    """Return how many messages a second the last issue went at; None where none has been measured."""
    rows = Sql(connection).all("SELECT messages_per_hour FROM pace_rate WHERE id = 1")
    return rows[0][0] / _HOUR if rows else None
