"""What the sender takes from the database: what is due, what is claimed next, what the dead left behind."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from newsletter import database, journal
from newsletter.config import Settings
from newsletter.database import BUSY_TIMEOUT_MS
from newsletter.delivery import alarms, holding, outbox, processes, recovery
from newsletter.delivery.feed import Parcel
from newsletter.delivery.outbox import DELIVERIES, LETTERS, Kind, Row
from newsletter.delivery.parcels import Parcels
from newsletter.delivery.stock import Stock
from newsletter.keys import Keys

log = structlog.get_logger()

DUE_SECONDS = 1.0
RECOVER_SECONDS = 10.0
MOST_LETTERS = 50


class Supply:
    """Claims batches and keeps them at hand; every transaction of it is durable (DESIGN 5.0)."""

    def __init__(self, settings: Settings, keys: Keys, engine: Engine) -> None:
        self.stock = Stock()
        self.issues: list[int] = []  # those that had queued deliveries at the last look
        self._letters = False  # whether any letter was queued then
        self.process = processes.current()
        self._settings = settings
        self._keys = keys
        self._engine = engine
        self._parcels = Parcels(settings, keys)
        self._alone = engine.dialect.name == "sqlite"
        self._leases: dict[int, float] = {}
        self._dead: list[int] = []
        self._alarms: list[tuple[int, str]] = []
        self._next_due = self._next_recovery = 0.0

    @property
    def low(self) -> bool:
        """Return whether it is time to claim the next batch, while this one is still going out."""
        return self.stock.deliveries <= self._settings.delivery.batch_size // 4

    @property
    def waiting(self) -> bool:
        """Return whether anything was queued in the database at the last look."""
        return self._letters or bool(self.issues)

    def begin(self) -> None:
        """Take over what earlier senders left unfinished, and hold the dead addresses they found."""
        _patiently(self._compare)
        _patiently(self._recover)
        with database.reading(self._engine) as session:
            self._dead += holding.missed(session)

    def look(self, *, claim: bool) -> None:
        """Do what is due, and claim what is queued where `claim` says that the mail server is there."""
        try:
            self._keep_house()
            self._claim(claim=claim)
        except OperationalError as error:
            if not database_is_busy(error):
                raise
            log.debug("another writer is at work")  # the next look is a moment away

    def make(self, row: Row) -> Parcel | None:
        """Return the message of a row; None where its claim is over. Raises ValueError where it cannot be written."""
        return self._parcels.make(row) if monotonic() < self._leases.get(row.claim_id, 0.0) else None

    def hold(self, subscription_id: int) -> None:
        """Have a dead address held at the next look."""
        self._dead.append(subscription_id)

    def alarm(self, issue_id: int, sentence: str) -> None:
        """Have the editors told at the next look that an issue has paused."""
        log.error("issue paused", issue=issue_id)
        self._alarms.append((issue_id, sentence))

    def sending(self) -> list[int]:
        """Return the issues that may be sent now."""
        with database.reading(self._engine) as session:
            return outbox.issues_sending(session.connection())

    def end(self) -> None:
        """Note what is finished."""
        for last in (self._hold_dead, self._tell_editors, self._close_claims):
            _patiently(last)

    def _keep_house(self) -> None:
        self._hold_dead()
        self._tell_editors()
        now = monotonic()
        if now >= self._next_due:
            self._next_due = now + DUE_SECONDS
            with self._writing() as (connection, moment):
                outbox.requeue_due(connection, now=moment)
            self._close_claims()
        if now >= self._next_recovery and not self._alone:
            self._recover()

    def _claim(self, *, claim: bool) -> None:
        with database.reading(self._engine) as session:
            self._letters = outbox.letters_wait(session.connection())
            self.issues = outbox.issues_waiting(session.connection())
        if not claim or not (self.waiting and journal.may_send(self._engine)):
            return
        if self._letters and not self.stock.letters:
            self._take(LETTERS, MOST_LETTERS, None)
        if self.issues and self.low:
            self._take(DELIVERIES, self._batch, self.issues[0])

    def _take(self, kind: Kind, limit: int, issue_id: int | None) -> None:
        lease = timedelta(seconds=self._settings.delivery.lease_seconds)
        begun = monotonic()
        with database.writing(self._engine) as session:
            connection = session.connection()
            now = outbox.clock(connection)
            rows = outbox.claim(
                connection, kind, process=self.process, lease=lease, limit=limit, now=now, issue_id=issue_id
            )
            if rows:
                self._parcels.prepare(session, rows, waiting=self.stock.editions)
        if rows:
            self._leases[rows[0].claim_id] = begun + lease.total_seconds()
            self.stock.add(rows)

    @property
    def _batch(self) -> int:
        """Return how many deliveries to claim: no more than leave within half a lease at this pace."""
        delivery, pace = self._settings.delivery, self._settings.relay.messages_per_second
        if not pace:
            return delivery.batch_size
        return max(1, min(delivery.batch_size, int(pace * delivery.lease_seconds / 2)))

    def _compare(self) -> None:
        journal.look(self._engine)

    def _recover(self) -> None:
        self._next_recovery = monotonic() + RECOVER_SECONDS
        with self._writing() as (connection, now):
            recovered = recovery.recover(connection, process=self.process, alone=self._alone, now=now)
        if recovered.queued or recovered.uncertain:
            log.warning("unfinished work taken over", queued=recovered.queued, uncertain=recovered.uncertain)

    def _hold_dead(self) -> None:
        if not self._dead:
            return
        with database.writing(self._engine) as session:
            now = outbox.clock(session.connection())
            held = holding.hold(session, self._dead, suppression_key=self._keys.suppression, now=now)
        self._dead = []
        log.info("dead addresses held", subscriptions=held)

    def _tell_editors(self) -> None:
        if not self._alarms:
            return
        with database.writing(self._engine) as session:
            now = outbox.clock(session.connection())
            for issue_id, sentence in self._alarms:
                alarms.write(session, self._settings, issue_id, sentence, now=now)
        self._alarms = []

    def _close_claims(self) -> None:
        finished = self.stock.finished_claims()
        if finished:
            with self._writing() as (connection, now):
                outbox.close_claims(connection, finished, now=now)
            self.stock.forget(finished)
            for claim_id in finished:
                self._leases.pop(claim_id, None)

    @contextmanager
    def _writing(self) -> Iterator[tuple[Connection, datetime]]:
        with self._engine.begin() as connection:
            yield connection, outbox.clock(connection)


def database_is_busy(error: OperationalError) -> bool:
    """Return whether another writer held SQLite's lock, so that the same can be done again a little later."""
    return "locked" in str(error.orig)


def _patiently(action: Callable[[], None]) -> None:
    """Do something while no connection waits for us, however long another writer takes."""
    patience = monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            action()
        except OperationalError as error:
            if not database_is_busy(error) or monotonic() > patience:
                raise
            time.sleep(0.05)
        else:
            return
