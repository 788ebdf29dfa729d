"""What has left us is known to the byte: in the clear, through TLS, and however the connection ends."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from newsletter.delivery import commands
from newsletter.delivery.errors import ProtocolError
from newsletter.delivery.replies import Reply
from newsletter.delivery.transport import Connection
from newsletter.delivery.tunnel import Tunnel
from newsletter.delivery.wire import Wire
from tests.newsletter.delivery.test_opening import CERTIFICATES

BIG = (b"x" * 76 + b"\r\n") * 40_000  # about 3 MB: more than the two small buffers take
TAIL = b"MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"


class Listening(Wire):
    """A wire that notes what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.over = asyncio.Event()
        self.left = asyncio.Event()
        self.heard: list[str] = []

    def replied(self, reply: Reply) -> None:
        self.heard.append(reply.text)

    def ended(self, _why: str) -> None:
        self.over.set()

    def message_left(self) -> None:
        self.left.set()


@asynccontextmanager
async def wired(*, tls: bool = False) -> AsyncIterator[tuple[Listening, socket.socket]]:
    """Give a wire and the other end of it, a blocking socket, both with small buffers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        _, wire = await asyncio.get_running_loop().create_connection(Listening, *listener.getsockname())
        peer, _ = listener.accept()
    transport: Any = wire._transport
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
    peer.settimeout(20)
    try:
        if tls:
            peer = await _encrypted(wire, peer)
        yield wire, peer
    finally:
        wire.abort("")
        await wire.over.wait()
        peer.close()


async def _encrypted(wire: Listening, peer: socket.socket) -> socket.socket:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "server.pem", CERTIFICATES / "server.key")
    trusting = ssl.create_default_context(cafile=str(CERTIFICATES / "authority.pem"))
    secure, _ = await asyncio.gather(
        asyncio.to_thread(context.wrap_socket, peer, server_side=True), wire.encrypt(trusting, "localhost")
    )
    return secure


def read(peer: socket.socket, size: int) -> None:
    while size:
        size -= len(peer.recv(min(65536, size)))


@pytest.mark.parametrize("missing", [1, len(TAIL), len(TAIL) + 1, 400_000])
def test_a_message_has_left_when_no_more_than_what_follows_it_waits(missing: int) -> None:
    """The socket takes all but `missing` bytes: held where one of them is the message's own."""

    async def run() -> tuple[bool, bytes]:
        async with wired() as (wire, _):
            limited = Taking(wire, len(BIG) + len(commands.END) + len(TAIL) - missing)
            wire.send_message(b"", BIG, commands.END, TAIL)
            await asyncio.sleep(0)
            before = wire.held
            wire.abort("")
            await wire.over.wait()
            assert wire.held == before, "the end of the connection changes nothing"
            return wire.held == 1, bytes(limited.taken)

    held, taken = asyncio.run(run())

    assert held is (missing > len(TAIL))
    assert taken.endswith(b"\r\n.\r\n" + TAIL[:-missing]) is not held


class Taking:
    """The socket of a wire that takes a number of bytes and then no more."""

    def __init__(self, wire: Wire, room: int) -> None:
        self.taken = bytearray()
        self._room = room
        transport: Any = wire._transport
        self._real, transport._sock = transport._sock, self

    def send(self, data: bytes | bytearray) -> int:
        taken = min(len(data), self._room)
        if not taken:
            raise BlockingIOError
        self._room -= taken
        self.taken += data[:taken]
        return taken

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize("how", ["end", "reset", "ours"])
def test_a_message_that_waits_in_our_buffer_is_held_however_the_connection_ends(how: str, *, tls: bool) -> None:
    async def run() -> int:
        async with wired(tls=tls) as (wire, peer):
            wire.send_message(b"", BIG, commands.END, TAIL)
            await asyncio.sleep(0.01)
            if how == "ours":
                wire.abort("it did not answer in time")
            elif how == "end":
                peer.shutdown(socket.SHUT_WR)
            else:
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                peer.close()
            await wire.over.wait()
            return wire.held

    assert asyncio.run(run()) == 1


@pytest.mark.parametrize("tls", [False, True])
def test_of_two_messages_the_older_has_left_and_the_newer_is_held(*, tls: bool) -> None:
    head = b"BDAT 3120000 LAST\r\n"

    async def run() -> int:
        async with wired(tls=tls) as (wire, peer):
            for _ in range(2):
                wire.send_message(head, BIG, b"", b"")
            assert wire.held == 2
            assert [wire.progressing, wire.progressing] == [True, False]
            await asyncio.to_thread(read, peer, len(head) + len(BIG))
            await asyncio.wait_for(wire.left.wait(), 20)
            assert wire.progressing
            return wire.held

    assert asyncio.run(run()) == 1


def test_a_slow_message_is_overdue_only_when_no_more_of_it_leaves() -> None:
    async def run() -> list[bool]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            _, connection = await asyncio.get_running_loop().create_connection(
                lambda: Connection(timeout=0.05), *listener.getsockname()
            )
            peer, _ = listener.accept()
        connection.say_message(b"", BIG * 4, commands.END, b"", "BODY")
        seen = []
        for size in (0, 0, len(BIG), 0):
            await asyncio.to_thread(read, peer, size)
            await asyncio.sleep(0.06)
            seen.append(connection.overdue)
        connection.abort("")
        await asyncio.sleep(0)
        peer.close()
        return seen

    assert asyncio.run(run()) == [False, True, False, True]


def test_nothing_said_before_tls_is_believed() -> None:
    async def run() -> None:
        async with wired() as (wire, peer):
            peer.send(b"250-inje")
            await asyncio.sleep(0.02)
            with pytest.raises(ProtocolError, match="before TLS"):
                await wire.encrypt(ssl.create_default_context(), "localhost")

    asyncio.run(run())


def test_bytes_that_are_no_tls_are_refused() -> None:
    tunnel = Tunnel(ssl.create_default_context(), "localhost")
    tunnel.shake()

    with pytest.raises(ssl.SSLError):
        tunnel.shake(b"220 relay.test ESMTP\r\n")
    with pytest.raises(ProtocolError, match="TLS is broken"):
        tunnel.wrapped(b"MAIL")
