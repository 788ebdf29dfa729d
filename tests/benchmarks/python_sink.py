"""A sink in Python that speaks TLS from the first byte, or none: `python -m tests.benchmarks.python_sink [CERT KEY]`.

It is slower than any sender of ours, so only the sender's processor time means something. It ends with its input.
"""

import asyncio
import ssl
import sys

END = b"\r\n.\r\n"


class Session(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._buffer = b""
        self._in_data = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        """Take commands and content in the order they come, and answer all of a piece at once."""
        self._buffer += data
        answers = []
        while True:
            end = END if self._in_data else b"\r\n"
            piece, found, rest = self._buffer.partition(end)
            if not found:
                break
            self._buffer = rest
            answers.append(self._answer(piece))
        if answers and self._transport is not None:
            self._transport.write(b"".join(answers))

    def _answer(self, piece: bytes) -> bytes:
        if self._in_data:
            self._in_data = False
            return b"250 2.0.0 Ok\r\n"
        verb = piece[:4].upper()
        self._in_data = verb == b"DATA"
        if verb == b"EHLO":
            return b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
        return b"354 go on\r\n" if self._in_data else b"250 2.0.0 Ok\r\n"


async def serve() -> None:
    """Serve until the input ends."""
    loop = asyncio.get_running_loop()
    context = None
    if len(sys.argv) > 1:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
    server = await loop.create_server(Session, "127.0.0.1", 0, ssl=context)
    ended = asyncio.Event()
    loop.add_reader(sys.stdin, ended.set)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await ended.wait()


if __name__ == "__main__":
    asyncio.run(serve())
