"""The connections to the mail server: opened for work, closed for want of it, backed off when it is down."""

import asyncio
import random
from collections.abc import Callable
from time import monotonic

import structlog

from newsletter.config import RelaySettings
from newsletter.delivery import opening, replies, ways, whys
from newsletter.delivery.crowd import Crowd
from newsletter.delivery.errors import RelayBusyError, RelayError, RelayRefusedError
from newsletter.delivery.feed import Feed
from newsletter.delivery.login import Tokens
from newsletter.delivery.transport import Connection

log = structlog.get_logger()

BACK_OFF_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
STOP_SECONDS = (300.0, 600.0, 1800.0, 3600.0)
MOST_DOUBTS = 3
"""Unanswered bodies in a row that stop the relay."""
IDLE_SECONDS = 5.0
GOODBYE_SECONDS = 2.0
GOODBYE_STEPS = 100


class Relay:
    """A pool of connections.

    Doubt is counted by generations: all bodies that one event leaves unanswered count once, and
    after it a single connection tries with one message at a time, so that three in a row cost at
    most connections + 2 (streaming: connections x depth + 2).
    """

    def __init__(
        self,
        settings: RelaySettings,
        feed: Feed,
        *,
        alarm: Callable[[str], None],
        opened: Callable[[], None],
    ) -> None:
        if not isinstance(asyncio.get_running_loop(), asyncio.SelectorEventLoop):
            raise TypeError("mail is sent on asyncio's own event loop only; see wire.py")
        self._settings = settings
        self._feed = feed
        self._alarm = alarm
        self._opened = opened
        self._tokens = Tokens(settings.oauth)
        self._crowd = Crowd(settings.connections)
        self._connections: set[Connection] = set()
        self._opening: set[asyncio.Task[None]] = set()
        self._failures = 0
        self._doubts = 0
        self._stops = 0
        self._generation = 0
        self._not_before = 0.0
        self._idle_since: float | None = None

    @property
    def ready(self) -> int:
        """Return how many connections are open."""
        return len(self._connections)

    @property
    def failures(self) -> int:
        """Return how often in a row the server could not be used."""
        return self._failures

    @property
    def working(self) -> int:
        """Return how many connections have a message under way."""
        return sum(connection.working for connection in self._connections)

    def tend(self, wanted: int) -> None:
        """Open connections up to `wanted` as far as that is allowed, end the overdue, wake the idle."""
        for connection in list(self._connections):
            if connection.overdue:
                connection.abort("it did not answer in time")
        self._rest(wanted)
        most = min(wanted, 1 if self._careful else self._crowd.limit(monotonic()))
        if monotonic() >= self._not_before:
            for _ in range(most - len(self._connections) - len(self._opening)):
                task = asyncio.create_task(self._open())
                self._opening.add(task)
                task.add_done_callback(self._opening.discard)
        self.wake()

    def wake(self) -> None:
        """Let idle connections take a message."""
        for connection in list(self._connections):
            connection.wake()

    def try_again(self) -> None:
        """Try at once, with one connection: a person says that the cause is mended."""
        self._not_before = 0.0

    def answered(self, *, accepted: bool) -> None:
        """Note that the server has spoken about a message; only one that it took ends the doubt."""
        self._failures = 0
        if accepted:
            self._doubts = self._stops = 0

    def closed(self, connection: Connection, why: str, *, unanswered: bool) -> None:
        """Note that a connection has ended."""
        self._connections.discard(connection)
        if not why:
            return
        crowded = replies.means_crowded(why)
        log.warning(
            "connection lost", why=replies.without_addresses(why), messages=connection.messages, unanswered=unanswered
        )
        if unanswered:
            self._doubt(connection)
        elif crowded and self._connections:
            self._crowd.turned_away(len(self._connections), monotonic())
        elif connection.messages == 0:
            self._fail()

    async def close(self) -> None:
        """Say goodbye on every connection, and give the server two seconds for it."""
        for task in list(self._opening):
            task.cancel()
        for connection in list(self._connections):
            connection.quit()
        for _ in range(GOODBYE_STEPS):
            if not self._connections:
                break
            await asyncio.sleep(GOODBYE_SECONDS / GOODBYE_STEPS)
        self.abort("")
        await asyncio.sleep(0)

    def abort(self, why: str) -> None:
        """End every connection at once."""
        for connection in list(self._connections):
            connection.abort(why)

    async def _open(self) -> None:
        try:
            opened = await opening.connect(self._settings, self._tokens)
        except RelayError as error:
            if self._connections and isinstance(error, RelayBusyError):
                # It serves the others at this moment: there are too many of us.
                self._crowd.turned_away(len(self._connections), monotonic())
                log.info("relay takes no more connections", why=replies.without_addresses(str(error)))
                return
            self._fail()
            log.warning("relay not usable", why=replies.without_addresses(str(error)), failures=self._failures)
            if isinstance(error, RelayRefusedError):
                self._alarm(whys.written("pause.relay_refused", quote=str(error)))
            return
        connection = opened.connection
        if connection.lost:
            self._fail()
            return
        connection.generation = self._generation
        self._connections.add(connection)
        connection.serve(ways.of_sending(self._settings, opened, self._feed, careful=self._careful))
        self._opened()

    @property
    def _careful(self) -> bool:
        return bool(self._failures or self._doubts)

    def _fail(self) -> None:
        self._failures += 1
        wait = BACK_OFF_SECONDS[min(self._failures, len(BACK_OFF_SECONDS)) - 1]
        self._not_before = max(self._not_before, monotonic() + wait * random.uniform(0.8, 1.2))  # noqa: S311 - spreads retries

    def _doubt(self, connection: Connection) -> None:
        if connection.generation != self._generation:
            return
        self._generation += 1
        self._doubts += 1
        self._fail()
        if self._doubts >= MOST_DOUBTS:
            self._not_before = monotonic() + STOP_SECONDS[min(self._stops, len(STOP_SECONDS) - 1)]
            self._stops += 1
            self._alarm(whys.written("pause.no_answer"))

    def _rest(self, wanted: int) -> None:
        if wanted:
            self._idle_since = None
        elif self._idle_since is None:
            self._idle_since = monotonic()
        elif monotonic() - self._idle_since > IDLE_SECONDS:
            for connection in list(self._connections):
                connection.quit()
