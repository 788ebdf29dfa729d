"""A mail server that writes down every copy it takes, before it says so: the judge of a storm.

Run as `python -m tests.proof.sink FILE PORT`, 0 for a free one; it prints its port, and no storm kills it. Each
accepted copy is one line of FILE: Message-ID and recipient. What it answers depends on the address alone (`answers`).
"""

import asyncio
import os
import re
import sys
from pathlib import Path

from tests.proof.answers import Answers

DELAY_SECONDS = 0.04
"""How long each message takes, so that a storm lasts and a kill at any moment finds messages on the wire."""

_MESSAGE_ID = re.compile(rb"^Message-ID: (\S+)\r\n", re.MULTILINE)
_ADDRESS = re.compile(rb"<([^>]*)>")


class Session(asyncio.Protocol):
    """One connection."""

    def __init__(self, record: int, answers: Answers) -> None:
        self._record = record
        self._answers = answers
        self._buffer = b""
        self._in_data = False
        self._sender = b""
        self._recipient = b""
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
        asyncio.get_running_loop().call_later(DELAY_SECONDS, self._decide, identity[1] if identity else b"?")
        return False  # what follows waits for the answer, so that answers keep their order

    def _decide(self, identity: bytes) -> None:
        answer = self._answers.to_body(self._sender, self._recipient)
        if not answer:
            os.write(self._record, identity + b" " + self._recipient + b"\n")
        self._say(answer or b"250 2.0.0 taken")
        self._recipient = b""
        self.data_received(b"")

    def _command(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"EHLO":
            self._say(b"250-sink.test\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME")
        elif verb == b"MAIL":
            self._sender, self._recipient = _address(line), b""
            self._say(b"250 2.1.0 ok")
        elif verb == b"RCPT":
            self._say(self._rcpt(_address(line)))
        elif verb == b"DATA":
            self._in_data = bool(self._recipient)
            self._say(b"354 go on" if self._in_data else b"503 5.5.1 nobody to send to")
        elif verb == b"QUIT":
            self._say(b"221 2.0.0 bye")
        else:
            self._recipient = b""
            self._say(b"250 2.0.0 ok")

    def _rcpt(self, address: bytes) -> bytes:
        answer = self._answers.to_recipient(self._sender, address)
        if answer:
            return answer
        self._recipient = address
        return b"250 2.1.5 ok"

    def _say(self, reply: bytes) -> None:
        if self._transport is not None:
            self._transport.write(reply + b"\r\n")


def _address(line: bytes) -> bytes:
    found = _ADDRESS.search(line)
    return found[1] if found else b""


async def serve(path: Path, port: int) -> None:
    """Serve until killed."""
    record = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    answers = Answers()
    server = await asyncio.get_running_loop().create_server(lambda: Session(record, answers), "127.0.0.1", port)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
