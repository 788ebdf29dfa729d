"""One SMTP connection: commands out, and strictly counted replies in, each for the step that waits longest."""

import asyncio
from collections import deque

from newsletter.delivery import commands
from newsletter.delivery.errors import ProtocolError, RelayDownError
from newsletter.delivery.exchange import GOODBYE, Exchange
from newsletter.delivery.replies import Reply
from newsletter.delivery.wire import CLOSED, Wire


class Connection(Wire):
    """First `ask` steps through its opening, then `serve` hands it to a way of sending messages."""

    def __init__(self, *, timeout: float, most_messages: int = 1_000_000) -> None:
        """Await the greeting; no answer may take longer than `timeout` seconds."""
        super().__init__()
        self._timeout = timeout
        self._steps: deque[str] = deque(["GREETING"])
        self._asked: asyncio.Future[Reply] | None = self._loop.create_future()
        self._exchange: Exchange | None = None
        self.most_messages = most_messages
        self.messages = 0
        self.generation = 0  # which attempt of the relay's this connection belongs to
        self.deadline = self._loop.time() + self._wait("GREETING")

    # -- for the opening ---------------------------------------------------------------------------

    async def ask(self, line: bytes | None = None) -> Reply:
        """Send a command of the opening and return its reply; without one return the greeting."""
        if line is not None:
            if self._lost:
                raise RelayDownError(self._why or CLOSED)
            self._asked = self._loop.create_future()
            self.say(line + b"\r\n", "COMMAND")
        if self._asked is None:
            raise ProtocolError("nothing was asked")
        return await self._asked

    # -- for the relay and the recorder ------------------------------------------------------------

    @property
    def clear(self) -> bool:
        """Return whether no answer is awaited."""
        return not self._steps

    @property
    def full(self) -> bool:
        """Return whether it has carried as many messages as it should."""
        return self.messages >= self.most_messages

    @property
    def working(self) -> bool:
        """Return whether a message is under way."""
        return self._exchange is not None and self._exchange.busy

    @property
    def overdue(self) -> bool:
        """Return whether an answer, or the next bytes of a body, have been awaited for too long."""
        if not self._steps:
            return False
        now = self._loop.time()
        if self.progressing:
            self.deadline = now + self._wait("BLOCK")
        return now > self.deadline

    def serve(self, exchange: Exchange) -> None:
        """Begin to send messages in this way."""
        self._exchange = exchange
        self.wake()

    def wake(self) -> None:
        """Take the next message, where there is one and room for it."""
        if self._exchange is not None and self._why is None and not self.closing:
            self._exchange.wake()

    def go(self) -> None:
        """Send the message that the feed was asked about first: its mark is committed."""
        if self._exchange is not None and not self.closing:  # otherwise the feed is told that nothing was sent
            self._exchange.go()

    def abandon(self) -> None:
        """Give up the message that the feed was asked about first: it may not go."""
        if self._exchange is not None and not self.closing:
            self._exchange.abandon()

    def quit(self) -> None:
        """Say goodbye, where nothing is under way."""
        if self._exchange is not None and not (self._lost or self._steps or self._exchange.busy):
            self._why = ""
            self.say(commands.QUIT, "QUIT")

    # -- for the way of sending --------------------------------------------------------------------

    def say(self, data: bytes, *steps: str) -> None:
        """Send commands, and await an answer for each of `steps`."""
        self._await(steps)
        self.send(data)

    def say_message(self, head: bytes, data: bytes, end: bytes, tail: bytes, *steps: str) -> None:
        """Send a message and what stands before and after it in one write, and await an answer for each of `steps`."""
        self._await(steps)
        self.send_message(head, data, end, tail)

    # -- for the wire ------------------------------------------------------------------------------

    def replied(self, reply: Reply) -> None:
        """Hand a reply to the step that waits longest; raise ProtocolError where none does."""
        if not self._steps:
            raise ProtocolError(reply.text if reply.code == GOODBYE else "it answered what was not asked")
        step = self._steps.popleft()
        if self._steps:
            self.deadline = self._loop.time() + self._wait(self._steps[0])
        if self._exchange is None:
            if self._asked is not None and not self._asked.done():
                self._asked.set_result(reply)
        elif step == "QUIT":
            self.part()
        else:
            self._exchange.handlers[step](reply)

    def ended(self, why: str) -> None:
        """Tell whoever asked something, or the way of sending."""
        self._steps.clear()
        if self._asked is not None and not self._asked.done():
            self._asked.set_exception(RelayDownError(why or CLOSED))
            self._asked.exception()  # read, so that nobody who stopped waiting is warned of it
        if self._exchange is not None:
            self._exchange.ended(why)

    def message_left(self) -> None:
        """Begin to wait for the answer to a message only now that it has wholly left."""
        if self._steps:
            self.deadline = self._loop.time() + self._wait(self._steps[0])

    def _await(self, steps: tuple[str, ...]) -> None:
        if self._lost:
            return
        if not self._steps:
            self.deadline = self._loop.time() + self._wait(steps[0])
        self._steps.extend(steps)

    def _wait(self, step: str) -> float:
        return min(commands.WAITS[step], self._timeout)
