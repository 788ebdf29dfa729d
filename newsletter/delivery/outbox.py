"""The two outboxes, deliveries and letters: claim, mark, settle, let go, recover (DESIGN 5.0, 5.1).

Each function works in the caller's transaction and changes rows only by guarded updates; what
comes back says whose guard held. Table names and conditions are constants of this module.
"""

# ruff: noqa: S608 - statements are put together from constants only; every value is bound

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import compress

from sqlalchemy import Connection

from newsletter.delivery.processes import Process
from newsletter.delivery.sql import Sql
from newsletter.delivery.sql import of as sql_of

FINAL = ("sent", "refused", "withdrawn", "uncertain", "given_up", "cancelled")
OPEN = ("queued", "claimed", "on_wire", "deferred")
HELD = "state IN ('claimed', 'on_wire')"
"""The predicate of the partial index on claims, word for word; without it SQLite walks the table."""

MOST_DUE = 5000
"""Deferred rows queued in one transaction, so that it stays under 100 ms."""


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One of the two tables, and what differs between them; in its SQL a row is `r`."""

    table: str
    may_go: str  # condition: a claimed row may be put on the wire
    rest: str  # expression: the state of a claimed or deferred row that is not sent now
    details: str  # query: what is needed to write the message


_SUBSCRIBED = "(SELECT s.state FROM subscription s WHERE s.id = r.subscription_id)"
_ISSUE = "(SELECT i.state FROM issue i WHERE i.id = r.issue_id)"

DELIVERIES = Kind(
    table="delivery",
    may_go=f"{_SUBSCRIBED} = 'active'"
    " AND EXISTS (SELECT 1 FROM issue i WHERE i.id = r.issue_id AND i.state = 'sending' AND i.paused_at IS NULL)",
    rest=f"CASE WHEN {_SUBSCRIBED} <> 'active' THEN 'withdrawn'"
    f" WHEN {_ISSUE} = 'cancelled' THEN 'cancelled' ELSE 'queued' END",
    details="SELECT r.id, r.claim_id, r.attempts, r.issue_id, r.edition_id, r.subscription_id, p.email, p.name"
    " FROM delivery r JOIN subscriber p ON p.id = r.subscriber_id",
)
LETTERS = Kind(
    table="letter",
    may_go=f"(r.subscription_id IS NULL OR {_SUBSCRIBED} <> 'erased')",
    rest=f"CASE WHEN {_SUBSCRIBED} = 'erased' THEN 'withdrawn' ELSE 'queued' END",
    details="SELECT r.id, r.claim_id, r.attempts, NULL, NULL, r.subscription_id, r.to_address, r.to_name FROM letter r",
)
KINDS = (LETTERS, DELIVERIES)


@dataclass(slots=True, eq=False)  # nobody changes one, but frozen ones take three times as long to make
class Row:
    """A claimed row, as far as sending it needs; each claim makes new ones, and a row equals only itself."""

    kind: Kind
    id: int
    claim_id: int
    attempts: int  # made before
    issue_id: int | None
    edition_id: int | None
    subscription_id: int | None
    email: str
    name: str


@dataclass(slots=True)
class Settlement:
    """What came of a row; `state` is sent, refused, uncertain, given_up or deferred."""

    row: Row
    state: str
    code: int | None = None
    reply: str | None = None
    reason: str | None = None
    next_at: datetime | None = None


def clock(connection: Connection | Sql) -> datetime:
    """Return the time that decides about leases: the database's, or this machine's where the database is a file."""
    return sql_of(connection).clock()


def letters_wait(connection: Connection) -> bool:
    """Return whether any letter is queued."""
    return bool(Sql(connection).all("SELECT 1 FROM letter WHERE state = 'queued' LIMIT 1"))


def issues_waiting(connection: Connection) -> list[int]:
    """Return the issues that are being sent, are not paused and have queued deliveries, oldest first."""
    found = Sql(connection).all(
        "SELECT i.id FROM issue i WHERE i.state = 'sending' AND i.paused_at IS NULL"
        " AND EXISTS (SELECT 1 FROM delivery r WHERE r.issue_id = i.id AND r.state = 'queued') ORDER BY i.id"
    )
    return [row[0] for row in found]


def issues_sending(connection: Connection) -> list[int]:
    """Return the issues that are being sent and are not paused."""
    found = Sql(connection).all("SELECT id FROM issue WHERE state = 'sending' AND paused_at IS NULL ORDER BY id")
    return [row[0] for row in found]


def claim(
    connection: Connection,
    kind: Kind,
    *,
    process: Process,
    lease: timedelta,
    limit: int,
    now: datetime,
    issue_id: int | None = None,
    ids: Sequence[int] | None = None,
) -> list[Row] | None:
    """Claim the next queued rows in the order of their ids; return those to send, or None where none is queued.

    With `ids` those of them that are queued still.
    Rows whose subscriber has gone are withdrawn here, so the list may be empty. Commit durably
    before the first byte goes out (DESIGN 5.0).
    """
    sql = Sql(connection)
    scope, values = ("", [limit]) if issue_id is None else (" AND issue_id = ?", [issue_id, limit])
    lock = " FOR UPDATE SKIP LOCKED" if sql.postgres else ""
    queued = f"SELECT id FROM {kind.table} WHERE state = 'queued'{scope} ORDER BY id LIMIT ?{lock}"
    ids = [row[0] for row in sql.all(queued, *values)] if ids is None else list(ids)
    if not ids:
        return None
    [(claim_id,)] = sql.all(
        "INSERT INTO claim (boot_id, holder, claimed_at, lease_until) VALUES (?, ?, ?, ?) RETURNING id",
        process.boot_id,
        process.holder,
        sql.time(now),
        sql.time(now + lease),
    )
    sql.run(
        f"UPDATE {kind.table} SET state = 'claimed', claim_id = ? WHERE state = 'queued' AND id IN_IDS",
        claim_id,
        sql.ids(ids),
    )
    let_go_where(sql, kind, f"r.claim_id = ? AND {kind.rest} <> 'queued'", [claim_id], now)
    rows = sql.all(f"{kind.details} WHERE r.claim_id = ? AND r.{HELD} AND r.state = 'claimed' ORDER BY r.id", claim_id)
    return [Row(kind, *row) for row in rows]


def mark(connection: Connection | Sql, rows: Sequence[Row], *, now: datetime) -> set[Row]:
    """Put claimed rows on the wire; return those that may go. Commit before the first byte of a body.

    A row may go while it is claimed, the claim is ours, its lease is not over, its subscriber
    is still there, and its issue is neither paused nor cancelled. The others are let go.
    """
    sql = sql_of(connection)
    going: set[Row] = set()
    for kind, claim_id, group in _groups(rows):
        going.update(group[number] for number in _mark(sql, kind, list(group), claim_id, sql.time(now)))
    if len(going) < len(rows):
        for kind, claim_id, group in _groups(row for row in rows if row not in going):
            let_go_where(sql, kind, "r.claim_id = ? AND r.id IN_IDS", [claim_id, sql.ids(list(group))], now)
    return going


def _mark(sql: Sql, kind: Kind, ids: list[int], claim_id: int, moment: object) -> list[int]:
    """Mark rows of one claim; return the ids of those marked.

    PostgreSQL does it in one statement; in SQLite a statement a row is cheaper than a list of rows.
    """
    mark, guard = f"UPDATE {kind.table} AS r SET state = 'on_wire', marked_at = ? WHERE r.id", _may_be_marked(kind)
    if sql.postgres:
        values = (moment, sql.ids(ids), claim_id, moment)
        return [row[0] for row in sql.all(f"{mark} IN_IDS{guard} RETURNING id", *values)]
    marked = sql.run_each(f"{mark} = ?{guard}", [(moment, number, claim_id, moment) for number in ids])
    return list(compress(ids, marked))


def _may_be_marked(kind: Kind) -> str:
    return (
        " AND r.state = 'claimed' AND r.claim_id = ?"
        " AND EXISTS (SELECT 1 FROM claim c WHERE c.id = r.claim_id AND c.lease_until > ?)"
        f" AND {kind.may_go}"
    )


def settle(connection: Connection | Sql, settlements: Sequence[Settlement], *, now: datetime) -> int:
    """Record what came of rows; return how many were still ours to settle.

    A late answer wins over "uncertain" by compare-and-set, as long as nobody has claimed the row anew.
    What is deferred of a cancelled issue is cancelled, and of a closed one, whose answer came late, given up:
    nobody would send it any more.
    """
    sql = sql_of(connection)
    settled, moment = 0, sql.time(now)
    for kind in KINDS:
        mine = [settlement for settlement in settlements if settlement.row.kind is kind]
        settled += sql.run_many(
            f"UPDATE {kind.table} SET state = ?, code = ?, reply = ?, reason = ?, next_at = ?, settled_at = ?,"
            " attempts = attempts + 1"
            " WHERE id = ? AND claim_id = ? AND state IN ('claimed', 'on_wire', 'uncertain')",
            [(s.state, s.code, s.reply, s.reason, sql.time(s.next_at), moment, s.row.id, s.row.claim_id) for s in mine],
        )
    put_off = [s.row.id for s in settlements if s.state == "deferred" and s.row.kind is DELIVERIES]
    if put_off:
        sql.run(
            "UPDATE delivery AS r SET next_at = NULL,"
            f" state = CASE WHEN {_ISSUE} = 'cancelled' THEN 'cancelled' ELSE 'given_up' END"
            f" WHERE r.id IN_IDS AND r.state = 'deferred' AND {_ISSUE} IN ('cancelled', 'closed')",
            sql.ids(put_off),
        )
    return settled


def let_go(connection: Connection | Sql, rows: Iterable[Row], *, now: datetime) -> None:
    """Give back rows of which nothing was sent: to the queue, or to their end where they have one.

    The caller knows that no byte of a body went out, so that a mark just committed is taken back too.
    """
    sql = sql_of(connection)
    for kind, claim_id, group in _groups(rows):
        let_go_where(sql, kind, "r.claim_id = ? AND r.id IN_IDS", [claim_id, sql.ids(list(group))], now, states=HELD)


def let_go_where(
    sql: Sql,
    kind: Kind,
    condition: str,
    values: list[object],
    now: datetime,
    *,
    states: str = f"{HELD} AND r.state = 'claimed'",
) -> int:
    """Give back claimed rows (those in `states`) that meet a condition on `r`; return how many."""
    return sql.run(
        f"UPDATE {kind.table} AS r SET state = {kind.rest}, claim_id = NULL,"
        f" settled_at = CASE WHEN {kind.rest} = 'queued' THEN NULL ELSE ? END"
        f" WHERE r.{states} AND {condition}",
        sql.time(now),
        *values,
    )


def requeue_due(connection: Connection, *, now: datetime) -> int:
    """Queue the deferred rows whose time has come; return how many."""
    sql = Sql(connection)
    return sum(
        sql.run(
            f"UPDATE {kind.table} AS r SET state = {kind.rest}, next_at = NULL, claim_id = NULL"
            f" WHERE r.state = 'deferred' AND r.id IN (SELECT id FROM {kind.table}"
            " WHERE state = 'deferred' AND next_at <= ? ORDER BY next_at LIMIT ?)",
            sql.time(now),
            MOST_DUE,
        )
        for kind in KINDS
    )


def close_claims(connection: Connection, claim_ids: Sequence[int], *, now: datetime) -> None:
    """Note that nothing of these claims is open any more."""
    sql = Sql(connection)
    sql.run("UPDATE claim SET closed_at = ? WHERE id IN_IDS", sql.time(now), sql.ids(claim_ids))


def _groups(rows: Iterable[Row]) -> list[tuple[Kind, int, dict[int, Row]]]:
    groups: dict[tuple[str, int], tuple[Kind, int, dict[int, Row]]] = {}
    for row in rows:
        groups.setdefault((row.kind.table, row.claim_id), (row.kind, row.claim_id, {}))[2][row.id] = row
    return list(groups.values())
