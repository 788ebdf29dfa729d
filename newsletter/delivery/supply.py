"""What the sender takes from the database: what is due, what is claimed next, what the dead left behind."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from time import monotonic

import structlog
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import OperationalError

from newsletter import database, journal
from newsletter.config import Settings
from newsletter.database import BUSY_TIMEOUT_MS
from newsletter.delivery import alarms, holding, outbox, processes, recovery, spending
from newsletter.delivery.feed import Parcel
from newsletter.delivery.outbox import DELIVERIES, LETTERS, Kind, Row
from newsletter.delivery.pace import Pace
from newsletter.delivery.parcels import Parcels
from newsletter.delivery.picking import Picker
from newsletter.delivery.stock import Stock
from newsletter.keys import Keys
from newsletter.models import Release
from newsletter.pace.groups import Group

log = structlog.get_logger()

DUE_SECONDS = 1.0
RECOVER_SECONDS = 10.0
MOST_LETTERS = 50
LEASE_MARGIN = 0.1
"""The part of a lease before whose end what is still at hand is given back."""


class Supply:
    """Claims batches and keeps them at hand; every transaction of it is durable (DESIGN 5.0)."""

    def __init__(self, settings: Settings, keys: Keys, engine: Engine) -> None:
        self.pace = Pace(settings, moment=datetime.now(UTC))
        self.stock = Stock(self.pace.groups)
        self._unsure = 0  # rows taken over whose mark, and its count, may not have been saved
        self.resting = False  # no issue may be sent for a good while
        self._released_at: datetime | None = None  # when the first issue of the day was, in a warm-up
        self.issues: list[int] = []  # those that had queued deliveries at the last look
        self._letters = False  # whether any letter was queued then
        self.process = processes.current()
        self._settings = settings
        self._delivery = settings.delivery
        self._keys = keys
        self._engine = engine
        self._parcels = Parcels(settings, keys)
        self._alone = engine.dialect.name == "sqlite"
        self._leases: dict[int, float] = {}
        self._dead: list[int] = []
        self._alarms: list[tuple[int, str]] = []
        self._picker = Picker(self.pace.groups.of)
        self._next_due = self._next_recovery = 0.0

    @property
    def low(self) -> bool:
        """Return whether it is time to claim the next batch, while this one is still going out."""
        return self.stock.deliveries <= self._settings.delivery.batch_size // 4

    @property
    def waiting(self) -> bool:
        """Return whether anything was queued in the database at the last look that may be sent soon."""
        return self._letters or (bool(self.issues) and not self.resting)

    def begin(self) -> None:
        """Take over what earlier senders left unfinished, and hold the dead addresses they found."""
        _patiently(self._compare)
        _patiently(self._recover)
        with database.reading(self._engine) as session:
            self._dead += holding.missed(session)
            now = datetime.now(UTC)
            known = spending.read(session.connection(), now=now)
        self.pace.load([*known, (now.timestamp(), self._unsure)])

    def look(self, *, claim: bool) -> None:
        """Do what is due, and claim what is queued where `claim` says that the mail server is there."""
        self.pace.look(datetime.now(UTC), self._released_at)
        self.resting = self.pace.rests(monotonic())
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
        for last in (self._hold_dead, self._tell_editors, self._close_claims, self._note_pace):
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
            self._released_at = self._first_release()
        if now >= self._next_recovery and not self._alone:
            self._recover()

    def _claim(self, *, claim: bool) -> None:
        with database.reading(self._engine) as session:
            self._letters = outbox.letters_wait(session.connection())
            self.issues = outbox.issues_waiting(session.connection())
        wanting = (self._letters and not self.stock.letters) or (self.issues and self.low)
        if wanting and not journal.may_send(self._engine):
            self._letters, self.issues = False, []  # nothing waits for us before a person has answered
        if not claim:
            return
        if self._letters and not self.stock.letters:
            self._take(LETTERS, MOST_LETTERS, None)
        limit = self.pace.batch(monotonic(), self._delivery.batch_size, self._delivery.lease_seconds)
        if limit and self.low and not self.resting:
            for issue_id in self.issues:
                if self._take_some(issue_id, limit):
                    break

    def _take_some(self, issue_id: int, limit: int) -> bool:
        """Claim deliveries of an issue, past those of groups that have enough at hand; return whether any were."""
        if not any(self._room(group) == 0 for group in self.stock.groups):
            return self._take(DELIVERIES, limit, issue_id)
        with database.reading(self._engine) as session:
            ids = self._picker.pick(session.connection(), issue_id, limit=limit, room=self._room)
        return bool(ids) and self._take(DELIVERIES, limit, issue_id, ids)

    def _room(self, group: Group) -> int:
        """Return how many more of a group to claim: none before half of what it needs at hand has left."""
        most = self.pace.at_hand(group, self._delivery.batch_size, self._delivery.lease_seconds)
        held = self.stock.of_group(group)
        return most - held if held <= most // 2 else 0

    def overdue(self) -> list[Row]:
        """Take out what is still at hand when its lease is nearly over, so that it can be given back in time."""
        if not self.stock.waiting:
            return []
        end = monotonic() + self._delivery.lease_seconds * LEASE_MARGIN
        return self.stock.of_claims({claim_id for claim_id, over in self._leases.items() if over <= end})

    def _take(self, kind: Kind, limit: int, issue_id: int | None, ids: list[int] | None = None) -> bool:
        lease = timedelta(seconds=self._settings.delivery.lease_seconds)
        begun = monotonic()
        with database.writing(self._engine) as session:
            connection = session.connection()
            now = outbox.clock(connection)
            rows = outbox.claim(
                connection, kind, process=self.process, lease=lease, limit=limit, now=now, issue_id=issue_id, ids=ids
            )
            if rows:
                self._parcels.prepare(session, rows, waiting=self.stock.editions)
        if rows:
            self._leases[rows[0].claim_id] = begun + lease.total_seconds()
            self.stock.add(rows)
        return bool(rows)

    def _first_release(self) -> datetime | None:
        since = self.pace.warming_since(datetime.now(UTC))
        if since is None:
            return None
        with database.reading(self._engine) as session:
            first = select(func.min(Release.released_at)).where(Release.released_at >= since)
            moment: datetime | None = session.scalar(first)
        return moment

    def _note_pace(self) -> None:
        """Keep how fast it went, for the next prediction, and forget counts that no limit asks for."""
        with self._writing() as (connection, now):
            spending.forget(connection, now=now)
            if self.pace.meter.per_second is not None:
                spending.note_rate(connection, self.pace.meter.per_second, now=now)

    def _compare(self) -> None:
        journal.look(self._engine)

    def _recover(self) -> None:
        self._next_recovery = monotonic() + RECOVER_SECONDS
        with self._writing() as (connection, now):
            recovered = recovery.recover(connection, process=self.process, alone=self._alone, now=now)
        self._unsure += recovered.uncertain
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
