"""The sender: takes claimed rows to the mail server and records what came of them, until told to stop."""

import asyncio
import contextlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import Engine, event

from newsletter import database, journal
from newsletter.config import Settings
from newsletter.delivery import lock, replies, settling
from newsletter.delivery.feed import Parcel
from newsletter.delivery.outbox import Row
from newsletter.delivery.outcomes import Accepted, Deferred, Outcome, Refused, Unclear
from newsletter.delivery.pause import Watch
from newsletter.delivery.reasons import UNKNOWN_USER
from newsletter.delivery.recorder import Recorder
from newsletter.delivery.relay import Relay
from newsletter.delivery.supply import Supply
from newsletter.delivery.transport import Connection
from newsletter.keys import Keys

log = structlog.get_logger()

IDLE_SECONDS = 0.2
"""How often the outboxes are looked at; for letters also in the middle of an issue."""
GRACE_SECONDS = 10.0
"""How long messages under way may take when the sender is told to stop."""
MOST_STRIKES = 2
"""How often the connection may break on one reader's envelope before that reader is put off."""
MOST_FAILURES_DRAINING = 3
RECORD_SECONDS = 0.01
BUSY_MS = 50
"""How long SQLite may hold up the event loop."""


def run(settings: Settings, keys: Keys, *, stop: Callable[[], bool], drain: bool = False) -> None:
    """Send what the outboxes hold until `stop()` is true; with `drain` end when nothing is due any more.

    Letters go first. Draining also ends when the mail server cannot be used three times in a row.
    Raises InUseError where another process already sends from this SQLite database.
    """
    with _exclusively(settings), _engines(settings) as (durable, quick):
        journal.attach(durable, settings, keys)
        # asyncio's own loop, whatever else is installed: only it tells to the byte what has left (wire.py).
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(_work(settings, keys, durable, quick, stop=stop, drain=drain))


@contextmanager
def _exclusively(settings: Settings) -> Iterator[None]:
    if settings.database.startswith("sqlite"):
        with lock.hold(settings.data_folder):
            yield
    else:
        yield


@contextmanager
def _engines(settings: Settings) -> Iterator[tuple[Engine, Engine]]:
    durable = database.connect(settings.database)
    quick = database.connect(settings.database, mark_sync=settings.delivery.mark_sync)
    for engine in (durable, quick):
        _never_block(engine)
    try:
        yield durable, quick
    finally:
        quick.dispose()
        durable.dispose()


def _never_block(engine: Engine) -> None:
    """Let SQLite say "locked" soon instead of holding up the event loop; every caller tries again."""
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _(connection: Any, _record: object) -> None:
            connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")


async def _work(
    settings: Settings, keys: Keys, durable: Engine, quick: Engine, *, stop: Callable[[], bool], drain: bool
) -> None:
    supply = Supply(settings, keys, durable)
    supply.begin()
    log.info("sender begins", holder=supply.process.holder)
    sender = _Sender(settings, supply, quick)
    try:
        await sender.work(stop, drain=drain)
    finally:
        await sender.end()
        log.info("sender ends")
    if sender.failure is not None:
        raise sender.failure


class _Sender:
    """One run; it is the feed of its connections."""

    def __init__(self, settings: Settings, supply: Supply, quick: Engine) -> None:
        self.failure: BaseException | None = None
        self._settings = settings
        self._waits = settings.delivery.retry_after
        self._supply = supply
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._unforeseen)
        self._woken = asyncio.Event()
        self._stopping = False
        self._alarmed = False  # the mail server was given up, and every issue paused
        self._pace = supply.pace
        self._recorder = Recorder(
            quick,
            connections=lambda: self._relay.ready,
            on_barred=self._barred,
            on_paused=supply.alarm,
            on_failure=self._fail,
            counted=self._pace.counted,
        )
        self._relay = Relay(settings.relay, self, alarm=self._alarm, opened=self._woken.set)
        self._pace_timer: asyncio.TimerHandle | None = None
        self._watches: defaultdict[int, Watch] = defaultdict(lambda: Watch(settings.delivery))
        self._strikes: Counter[tuple[str, int]] = Counter()

    async def work(self, stop: Callable[[], bool], *, drain: bool) -> None:
        """Look, tend the connections, sleep; until told to stop, or drained, or failed."""
        while not stop() and self.failure is None:
            self._drop_stopped_issues()
            self._supply.look(claim=self._relay.ready > 0)
            self._give_back_early()
            if self._alarmed and self._supply.issues and not self._recorder.busy:
                self._alarmed = False  # a person has resumed an issue
                self._relay.try_again()
            self._relay.tend(self._wanted)
            if drain and self._drained():
                return
            await self._sleep()

    async def end(self) -> None:
        """Let messages under way be answered, give back the rest, record everything, and only then say goodbye."""
        self._stopping = True
        for row in self._supply.stock.take_out():
            self._return(row)
        patience = monotonic() + (GRACE_SECONDS if self.failure is None else 0)
        while self._relay.working and monotonic() < patience:
            self._relay.tend(self._relay.working)
            await self._sleep()
        if self._relay.working:
            self._relay.abort("the sender had to stop")
            await asyncio.sleep(0)
        await self._recorded()
        await self._relay.close()
        await self._recorded()
        self._recorder.close()
        if self.failure is None:
            self._supply.end()

    # -- the feed of the connections ---------------------------------------------------------------

    def take(self) -> Parcel | None:
        """Return the next message: a letter where there is one, and none while the pace forbids."""
        stock = self._supply.stock
        while not self._stopping and self.failure is None and stock.waiting:
            now, letter = monotonic(), stock.letters > 0
            pause = self._pace.wait(now, letter=letter)
            row = None if pause else stock.pop(now)
            if row is None:
                self._wake_later(pause or stock.wait(now))
                return None
            self._pace.took(now, letter=letter)
            if self._supply.waiting and self._supply.low:
                self._woken.set()
            parcel = self._made(row)
            if parcel is not None:
                return parcel
        return None

    def ask_to_go(self, connection: Connection, parcel: Parcel) -> None:
        """Have the row marked."""
        self._recorder.mark(parcel.row, connection)

    def settle(self, parcel: Parcel, outcome: Outcome) -> None:
        """Have the outcome recorded, and see what follows from it."""
        if not isinstance(outcome, Unclear) and outcome.reply is not None:
            self._relay.answered(accepted=isinstance(outcome, Accepted))
            pause = self._pace.heard(parcel.recipient, outcome, monotonic())
            if pause:
                log.warning("a provider wants to be written to more slowly", id=parcel.row.id, seconds=pause)
        self._settle(parcel.row, outcome)

    def give_back(self, parcel: Parcel, why: str) -> None:
        """Return the row to the queue; put it off where the connection has broken on it before."""
        row: Row = parcel.row
        place = (row.kind.table, row.id)
        self._strikes[place] += 1
        if self._strikes[place] >= MOST_STRIKES and not self._stopping:
            self._settle(row, Deferred(None, why))
        else:
            self._return(row)

    def blame(self, parcel: Parcel, sentence: str) -> None:
        """Return the row and pause its issue: the server refuses us, not the reader."""
        row: Row = parcel.row
        if row.issue_id is None:
            self._settle(row, Deferred(None, sentence))
            return
        self._pause(row.issue_id, sentence)
        self._return(row)

    def closed(self, connection: Connection, why: str, *, unanswered: bool) -> None:
        """Let the pool know."""
        self._relay.closed(connection, why, unanswered=unanswered)
        self._woken.set()

    # -- outcomes ----------------------------------------------------------------------------------

    def _made(self, row: Row) -> Parcel | None:
        try:
            parcel = self._supply.make(row)
        except ValueError as error:
            log.error("message cannot be written", kind=row.kind.table, id=row.id, why=str(error))  # noqa: TRY400 - no trace, it may hold an address
            self._settle(row, Refused(None, "bad_address"))
            return None
        if parcel is None:
            self._return(row)
        return parcel

    def _settle(self, row: Row, outcome: Outcome) -> None:
        self._strikes.pop((row.kind.table, row.id), None)
        self._recorder.settle(settling.settlement(row, outcome, self._waits, now=datetime.now(UTC)))
        self._supply.stock.done(row)
        if isinstance(outcome, Refused) and outcome.reason == UNKNOWN_USER and row.subscription_id is not None:
            self._supply.hold(row.subscription_id)
        if row.issue_id is not None:
            sentence = self._watches[row.issue_id].note(outcome)
            if sentence:
                self._pause(row.issue_id, sentence)

    def _return(self, row: Row) -> None:
        self._recorder.give_back(row)
        self._supply.stock.done(row)

    def _pause(self, issue_id: int, sentence: str) -> None:
        self._recorder.pause(issue_id, sentence)
        self._drop(issue_id)

    def _drop(self, issue_id: int) -> None:
        for row in self._supply.stock.take_out(issue_id):
            self._return(row)

    def _drop_stopped_issues(self) -> None:
        held = self._supply.stock.issues
        if held:
            for issue_id in held - set(self._supply.sending()):
                if issue_id is not None:
                    self._drop(issue_id)

    def _give_back_early(self) -> None:
        """Give back what may not leave for a good while, and what is at hand when its lease is nearly over."""
        if self._supply.resting:
            for issue_id in self._supply.stock.issues:
                if issue_id is not None:
                    self._drop(issue_id)
        for row in self._supply.overdue():
            self._return(row)

    def _barred(self, rows: list[Row]) -> None:
        """Note rows that were let go instead of marked, and stop offering those of a paused or cancelled issue."""
        for row in rows:
            self._supply.stock.done(row)
        self._drop_stopped_issues()

    def _alarm(self, sentence: str) -> None:
        log.critical("mail server needs a person", why=replies.without_addresses(sentence))
        self._alarmed = True
        for issue_id in self._supply.sending():
            self._pause(issue_id, sentence)

    def _fail(self, error: BaseException) -> None:
        self.failure = self.failure or error
        self._woken.set()

    def _unforeseen(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """End on a mistake of ours in a callback, which asyncio would only log while rows hang; `serve` starts anew."""
        error = context.get("exception")
        if isinstance(error, Exception) and not isinstance(error, OSError):  # those are the network's
            self._fail(error)
        else:
            loop.default_exception_handler(context)

    # -- the loop ----------------------------------------------------------------------------------

    @property
    def _wanted(self) -> int:
        return max(self._supply.stock.waiting, int(self._supply.waiting)) + self._relay.working

    def _drained(self) -> bool:
        if self._relay.failures >= MOST_FAILURES_DRAINING:
            return True
        waiting = self._supply.waiting or self._supply.stock.waiting
        return not (waiting or self._relay.working or self._recorder.busy)

    async def _sleep(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), IDLE_SECONDS)
        self._woken.clear()

    async def _recorded(self) -> None:
        while self._recorder.busy and self.failure is None:  # noqa: ASYNC110 - only at the very end
            await asyncio.sleep(RECORD_SECONDS)

    def _wake_later(self, seconds: float) -> None:
        if seconds < IDLE_SECONDS and (self._pace_timer is None or self._pace_timer.when() <= self._loop.time()):
            self._pace_timer = self._loop.call_later(seconds, self._relay.wake)  # beyond it, the loop wakes them
