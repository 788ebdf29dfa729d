"""Bytes out and replies in, with TLS where asked for, and exact knowledge of which messages have left us.

The end of a message has left us when no more bytes wait in asyncio's buffer than were written after it.
asyncio's own transport tells that to the byte: it sends at once what the socket takes, and reports when
the rest has fallen to a mark. On this rests the difference between "put off" and "uncertain" (DESIGN 5.1).
"""

import asyncio
import ssl
from abc import abstractmethod
from collections import deque

from newsletter.delivery.errors import ProtocolError, RelayDownError
from newsletter.delivery.replies import Reader, Reply
from newsletter.delivery.tunnel import Tunnel

CLOSED = "it closed the connection"


class Wire(asyncio.Protocol):
    """The lower half of a connection; what the replies mean is decided above."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._reader = Reader()
        self._handshake: asyncio.Future[None] | None = None
        self._written = 0  # bytes since the beginning
        self._ends: deque[int] = deque()  # where messages end that have not wholly left us
        self._waiting = 0  # bytes that waited when progress was looked at last
        self._why: str | None = None  # none: it is open; empty: we close it
        self._lost = False
        self.tunnel: Tunnel | None = None

    @property
    def lost(self) -> bool:
        """Return whether it has ended."""
        return self._lost

    @property
    def closing(self) -> bool:
        """Return whether nothing more can be sent; the end may still have to be told."""
        return self._lost or self._transport is None or self._transport.is_closing()

    async def encrypt(self, context: ssl.SSLContext, host: str) -> None:
        """Speak TLS from here on; raise ssl.SSLError, or ProtocolError where bytes came before."""
        if not self._reader.empty:
            raise ProtocolError("it spoke on before TLS began")
        if self._lost:
            raise RelayDownError(self._why or CLOSED)
        self.tunnel = Tunnel(context, host)
        self._handshake = self._loop.create_future()
        self._shake(b"")
        await self._handshake

    def abort(self, why: str) -> None:
        """Close at once; `why` is empty where that is our own wish."""
        if self._why is None:
            self._why = why
        if self._transport is not None and not self._lost:
            self._transport.abort()

    def part(self) -> None:
        """Close; nothing waits to be sent."""
        if self._transport is not None:
            self._transport.close()

    # -- for the half above ------------------------------------------------------------------------

    @abstractmethod
    def replied(self, reply: Reply) -> None:
        """Take a reply."""

    @abstractmethod
    def ended(self, why: str) -> None:
        """Take the end; `why` is empty where we closed."""

    @abstractmethod
    def message_left(self) -> None:
        """Note that the rest of a message has left us, which took a while."""

    @property
    def held(self) -> int:
        """Return how many messages, the newest ones, have not wholly left us."""
        return len(self._ends)

    @property
    def progressing(self) -> bool:
        """Return whether a message that is held has moved since this was asked last."""
        if not self._ends or self._transport is None:
            self._waiting = 0
            return False
        before, self._waiting = self._waiting, self._transport.get_write_buffer_size()
        return self._waiting < before or not before

    def send(self, data: bytes) -> None:
        """Write commands."""
        if self._transport is None or self._lost:
            return
        if self.tunnel is not None:
            data, _ = self.tunnel.wrapped(data)
        self._written += len(data)
        self._transport.write(data)
        if self._ends:
            self._watch()

    def send_message(self, head: bytes, data: bytes, end: bytes, tail: bytes) -> None:
        """Write a message between its `head` and its `end`, and the commands of `tail` after it, in one write."""
        if self._transport is None or self._lost:
            return
        if self.tunnel is None:
            whole = b"".join((head, data, end, tail))
            after = len(tail)
        else:
            whole, after = self.tunnel.wrapped(head, data, end, tail=tail)
        self._written += len(whole)
        self._ends.append(self._written - after)
        self._transport.write(whole)
        self._watch()

    def _watch(self) -> None:
        """Drop the ends that have left us, and ask to be told when the next has."""
        transport, ends = self._transport, self._ends
        if transport is None or transport.is_closing():
            return  # asyncio has thrown away what waited, so that its length says nothing
        waiting = transport.get_write_buffer_size()
        while ends and waiting <= self._written - ends[0]:
            ends.popleft()
        if ends:
            after = self._written - ends[0]
            transport.set_write_buffer_limits(high=after, low=after)

    # -- asyncio.Protocol --------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - tells the type checker what asyncio gives
        self._transport = transport

    def resume_writing(self) -> None:
        """See what has left."""
        before = len(self._ends)
        self._watch()
        if len(self._ends) < before:
            self.message_left()

    def data_received(self, data: bytes) -> None:
        """Take replies, through TLS where it is spoken."""
        try:
            if self.tunnel is not None:
                data = self._opened(self.tunnel, data)
            for reply in self._reader.feed(data):
                if self._lost or self._transport is None or self._transport.is_closing():
                    return
                self.replied(reply)
        except ProtocolError as error:
            self.abort(str(error))
        if self.tunnel is not None and self.tunnel.ended:
            self.abort(CLOSED)

    def eof_received(self) -> None:
        """Close at once: asyncio would first send what waits, to a server that answers no more."""
        self.abort(CLOSED)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the half above, and whoever waits for the handshake."""
        self._lost = True
        why = self._why if self._why is not None else str(exc or CLOSED)
        if self._handshake is not None and not self._handshake.done():
            self._handshake.set_exception(RelayDownError(why or CLOSED))
        self.ended(why)

    # -- TLS ---------------------------------------------------------------------------------------

    def _opened(self, tunnel: Tunnel, data: bytes) -> bytes:
        if not tunnel.ready:
            self._shake(data)
            data = b""
        said = tunnel.unwrapped(data) if tunnel.ready else b""
        self._send_raw(tunnel.outgoing())
        return said

    def _shake(self, data: bytes) -> None:
        tunnel, waiter = self.tunnel, self._handshake
        if tunnel is None or waiter is None or waiter.done():
            return
        try:
            if tunnel.shake(data):
                waiter.set_result(None)
        except ssl.SSLError as error:
            waiter.set_exception(error)
        self._send_raw(tunnel.outgoing())

    def _send_raw(self, data: bytes) -> None:
        """Write what TLS itself has to say; it counts as written like everything else."""
        if data and self._transport is not None:
            self._written += len(data)
            self._transport.write(data)
            if self._ends:
                self._watch()
