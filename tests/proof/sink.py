"""A mail server that writes down every copy it takes, before it says so: the judge of a storm.

Run as `python -m tests.proof.sink FILE`; it prints its port. Each accepted copy is one line of
FILE, its Message-ID. One address in `GREY` is turned away the first time it is offered.
"""

import asyncio
import os
import re
import sys
import zlib
from pathlib import Path

GREY = 20
DELAY_SECONDS = 0.01
"""How long each message takes, so that a storm lasts and most kills find messages on the wire."""

_MESSAGE_ID = re.compile(rb"^Message-ID: (\S+)\r\n", re.MULTILINE)


class Session(asyncio.Protocol):
    """One connection."""

    def __init__(self, record: int, seen: set[bytes]) -> None:
        self._record = record
        self._seen = seen
        self._buffer = b""
        self._in_data = False
        self._recipients = 0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._say(b"220 sink.test ESMTP")

    def data_received(self, data: bytes) -> None:
        """Take commands and messages in the order they come."""
        self._buffer += data
        while self._step():
            pass

    def _step(self) -> bool:
        if self._in_data:
            return self._message()
        line, found, rest = self._buffer.partition(b"\r\n")
        if not found:
            return False
        self._buffer = rest
        self._command(line)
        return True

    def _message(self) -> bool:
        content, found, rest = self._buffer.partition(b"\r\n.\r\n")
        if not found:
            return False
        self._buffer = rest
        self._in_data = False
        identity = _MESSAGE_ID.search(content)
        os.write(self._record, (identity[1] if identity else b"?") + b"\n")
        asyncio.get_running_loop().call_later(DELAY_SECONDS, self._taken)
        return False  # what follows waits for the answer, so that answers keep their order

    def _taken(self) -> None:
        self._say(b"250 2.0.0 taken")
        self.data_received(b"")

    def _command(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"EHLO":
            self._say(b"250-sink.test\r\n250-PIPELINING\r\n250 8BITMIME")
        elif verb == b"RCPT":
            self._say(self._recipient(line))
        elif verb == b"DATA":
            self._in_data = self._recipients > 0
            self._say(b"354 go on" if self._in_data else b"503 5.5.1 nobody to send to")
        elif verb == b"QUIT":
            self._say(b"221 2.0.0 bye")
        else:
            self._recipients = 0
            self._say(b"250 2.0.0 ok")

    def _recipient(self, line: bytes) -> bytes:
        if zlib.crc32(line) % GREY == 0 and line not in self._seen:
            self._seen.add(line)
            return b"451 4.7.1 come back later"
        self._recipients += 1
        return b"250 2.1.5 ok"

    def _say(self, reply: bytes) -> None:
        if self._transport is not None:
            self._transport.write(reply + b"\r\n")


async def serve(path: Path) -> None:
    """Serve until killed."""
    record = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    seen: set[bytes] = set()
    server = await asyncio.get_running_loop().create_server(lambda: Session(record, seen), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
