"""Marks and settlements that come together, written in one short transaction (DESIGN 6)."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import structlog
from sqlalchemy import Engine

from newsletter.delivery import outbox, pause, spending
from newsletter.delivery.outbox import Row, Settlement
from newsletter.delivery.sql import Direct, Sql
from newsletter.delivery.transport import Connection

log = structlog.get_logger()

RETRY_SECONDS = 0.01
"""When to try again where another writer held SQLite's lock."""
LINGER_SECONDS = 0.001
ENOUGH = 4
"""A commit waits so long for company, unless one in so many connections waits for it: then the server has the
others to answer, and no time is lost. One at a time, commits would cost more than everything else together."""


@dataclass(slots=True)
class _Batch:
    settlements: list[Settlement] = field(default_factory=list)
    marks: list[tuple[Row, Connection]] = field(default_factory=list)
    returned: list[Row] = field(default_factory=list)
    pauses: dict[int, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.settlements or self.marks or self.returned or self.pauses)

    def extend(self, later: "_Batch") -> None:
        self.settlements += later.settlements
        self.marks += later.marks
        self.returned += later.returned
        self.pauses |= later.pauses


@dataclass(frozen=True, slots=True)
class _Written:
    going: set[Row]  # marked, and to be sent
    paused: list[int]


class Recorder:
    """The sender's one writer of marks and outcomes.

    SQLite is written in the event loop, where a commit is cheaper than a thread; PostgreSQL in
    one thread, and what comes meanwhile waits for the next transaction.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        connections: Callable[[], int],
        on_barred: Callable[[list[Row]], None],
        on_paused: Callable[[int, str], None],
        on_failure: Callable[[BaseException], None],
        counted: bool = False,
    ) -> None:
        """Write to `engine`; `counted`: note how many are marked, for limits that outlive this process."""
        self._loop = asyncio.get_running_loop()
        self._connection = engine.connect()
        self._connections = connections
        self._on_barred = on_barred
        self._on_paused = on_paused
        self._on_failure = on_failure
        self._counted = counted
        self._batch = _Batch()
        self._writing = False
        self._scheduled = False
        self._lingering: asyncio.TimerHandle | None = None
        self._thread: ThreadPoolExecutor | None = None
        self._direct: Direct | None = None
        if engine.dialect.name == "postgresql":
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="recorder")
        else:
            self._direct = Direct(self._connection)

    def settle(self, settlement: Settlement) -> None:
        """Record what came of a row."""
        self._batch.settlements.append(settlement)
        self._schedule()

    def mark(self, row: Row, connection: Connection) -> None:
        """Mark a row as on the wire; when that is committed let the connection go on, or give the row up."""
        self._batch.marks.append((row, connection))
        self._schedule()

    def give_back(self, row: Row) -> None:
        """Return a row of which no byte of the body was sent."""
        self._batch.returned.append(row)
        self._schedule()

    def pause(self, issue_id: int, sentence: str) -> None:
        """Pause an issue, before any further mark."""
        self._batch.pauses.setdefault(issue_id, sentence)
        self._schedule()

    @property
    def busy(self) -> bool:
        """Return whether anything is not committed yet."""
        return self._writing or bool(self._batch)

    def close(self) -> None:
        """Let go of the database."""
        if self._thread is not None:
            self._thread.shutdown()
        self._connection.close()

    def _schedule(self) -> None:
        if self._scheduled or self._writing:
            return
        if len(self._batch.marks) * ENOUGH >= self._connections():
            self._scheduled = True
            self._loop.call_soon(self._flush)
        elif self._lingering is None:
            self._lingering = self._loop.call_later(LINGER_SECONDS, self._flush)

    def _flush(self) -> None:
        self._scheduled = False
        if self._lingering is not None:
            self._lingering.cancel()
            self._lingering = None
        if self._writing or not self._batch:
            return
        batch, self._batch = self._batch, _Batch()
        if self._direct is not None:
            self._write_here(self._direct, batch)
            return
        self._writing = True
        future = self._loop.run_in_executor(self._thread, self._write_there, batch)
        future.add_done_callback(lambda done: self._thread_done(batch, done))

    def _write_here(self, direct: Direct, batch: _Batch) -> None:
        try:
            with direct.transaction():
                written = _write(direct, batch, counted=self._counted)
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                self._again(batch)
            else:
                self._on_failure(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the sender must end in order
            self._on_failure(error)
        else:
            self._written(batch, written)

    def _write_there(self, batch: _Batch) -> _Written:
        with self._connection.begin():
            return _write(Sql(self._connection), batch, counted=self._counted)

    def _again(self, batch: _Batch) -> None:
        """Do the same a little later: another writer holds SQLite's lock, and nothing was written."""
        batch.extend(self._batch)
        self._batch = batch
        self._scheduled = True
        self._loop.call_later(RETRY_SECONDS, self._flush)

    def _thread_done(self, batch: _Batch, done: "asyncio.Future[_Written]") -> None:
        self._writing = False
        error = done.exception()
        if error is not None:
            self._on_failure(error)
            return
        self._written(batch, done.result())
        if self._batch:
            self._schedule()

    def _written(self, batch: _Batch, written: _Written) -> None:
        for issue_id in written.paused:
            self._on_paused(issue_id, batch.pauses[issue_id])
        if len(written.going) < len(batch.marks):
            # Whose connection was lost in the meantime has been settled or given back already.
            known = {settlement.row for settlement in batch.settlements}.union(batch.returned)
            self._on_barred([row for row, _ in batch.marks if row not in written.going and row not in known])
        for row, connection in batch.marks:
            if row in written.going:
                connection.go()
            else:
                connection.abandon()


def _write(sql: Sql, batch: _Batch, *, counted: bool) -> _Written:
    now = sql.clock()
    if batch.settlements:
        settled = outbox.settle(sql, batch.settlements, now=now)
        if settled < len(batch.settlements):
            log.warning("late answers for rows that were claimed anew", rows=len(batch.settlements) - settled)
    paused = [issue_id for issue_id, sentence in batch.pauses.items() if pause.apply(sql, issue_id, sentence, now=now)]
    going = outbox.mark(sql, [row for row, _ in batch.marks], now=now) if batch.marks else set()
    if counted and going:
        spending.note(sql, len(going), now=now)
    if batch.returned:
        outbox.let_go(sql, batch.returned, now=now)
    return _Written(going, paused)
