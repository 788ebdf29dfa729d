"""A mail server on loopback that does as it is told: takes mail, or drops, stalls, refuses, babbles and lies."""

import asyncio
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

DROP = object()
"""Close the connection without a word."""
RESET = object()
"""Close the connection so that the other side sees an error."""
STALL = object()
"""Say nothing more, but stay."""
LATE = object()
"""Close the connection, and only then take the message."""

Answer = bytes | object | None
Rule = Callable[[str, str, int], Answer]
"""(step, argument, how often this step has come) -> what to do; None: what a good server does."""

OK = b"250 2.0.0 ok"
GOOD = {
    "CONNECT": b"220 relay.test ESMTP",
    "MAIL": b"250 2.1.0 ok",
    "RCPT": b"250 2.1.5 ok",
    "DATA": b"354 go ahead",
    "BODY": b"250 2.0.0 queued",
    "RSET": OK,
    "QUIT": b"221 2.0.0 bye",
    "STARTTLS": b"220 go ahead",
    "AUTH": b"235 2.7.0 welcome",
}


@dataclass(frozen=True)
class Received:
    """One message that the server has taken."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes


@dataclass
class Server:
    """A server in a thread of its own, on a free port."""

    rule: Rule = lambda _step, _argument, _count: None
    features: tuple[str, ...] = ("PIPELINING", "8BITMIME", "SIZE 10000000")
    in_pieces: bool = False
    strict: bool = False  # refuses a recipient without a sender, and DATA without a recipient
    tls: ssl.SSLContext | None = None
    implicit: bool = False
    taken: list[Received] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    port: int = 0
    connections: int = 0
    greatest: int = 0

    def __post_init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._open = 0
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._run, name="relay")
        self._ready = threading.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)

    def addressees(self) -> list[str]:
        """Return who got something, in order of arrival."""
        return [recipient for received in self.taken for recipient in received.recipients]

    @property
    def present(self) -> int:
        """Return how many connections are open."""
        return self._open

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen())
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._end())
        self._loop.close()

    async def _listen(self) -> None:
        context = self.tls if self.implicit else None
        # Named as TCP, for only then asyncio turns off the delay of small packets (TCP_NODELAY).
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)  # so that a stalled server is felt soon
        listener.bind(("127.0.0.1", self.port))
        self._server = await asyncio.start_server(self._meet, sock=listener, ssl=context, limit=64 * 1024**2)
        self.port = listener.getsockname()[1]

    async def _end(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        self._open += 1
        self.greatest = max(self.greatest, self._open)
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._open -= 1
            self._tasks.discard(task)
            writer.transport.abort()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: C901 - a dialogue
        sender = ""
        recipients: list[str] = []
        await self._answer("CONNECT", "", writer)
        while line := await reader.readline():
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            self.commands.append(text)
            verb = text.split(" ")[0].upper()
            if verb in {"EHLO", "HELO"}:
                await self._greet(verb, writer)
                continue
            if self.strict and not {"RCPT": sender, "DATA": recipients}.get(verb, "fine"):
                await self._do(b"503 5.5.1 out of order", writer)
                continue
            if verb == "BDAT":
                await self._take_chunk(int(text.split()[1]), reader, writer, sender, tuple(recipients))
                sender, recipients = "", []
                continue
            said = await self._answer(verb, text, writer)
            if verb == "STARTTLS" and said.startswith(b"220"):
                await writer.start_tls(self.tls or ssl.create_default_context())
            elif verb == "MAIL" and said.startswith(b"2"):
                sender, recipients = text.split("<", 1)[1].split(">")[0], []
            elif verb == "RCPT" and said.startswith(b"2"):
                recipients.append(text.split("<", 1)[1].split(">")[0])
            elif verb == "AUTH" and said.startswith(b"334"):
                await self._log_in(reader, writer)
            elif verb == "DATA" and said.startswith(b"354"):
                await self._take(reader, writer, sender, tuple(recipients))
                sender, recipients = "", []
            elif verb == "QUIT":
                return

    async def _greet(self, verb: str, writer: asyncio.StreamWriter) -> None:
        answer = self._asked("EHLO", verb)
        if answer is None:
            lines = ["relay.test", *(self.features if verb == "EHLO" else ())]
            answer = "\r\n".join(
                f"250{' ' if number == len(lines) - 1 else '-'}{line}" for number, line in enumerate(lines)
            ).encode()
        await self._do(answer, writer)

    async def _log_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        said = b"334"
        while said.startswith(b"334") and (line := await reader.readline()):
            self.commands.append(line.decode().strip())
            said = await self._answer("AUTH", "secret", writer)

    async def _take_chunk(
        self,
        size: int,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        sender: str,
        recipients: tuple[str, ...],
    ) -> None:
        answer = self._asked("CONTENT", recipients[0] if recipients else "")
        begun = b""
        if answer is not None:
            begun = await reader.readexactly(size // 2)
            await self._do(answer, writer)
        data = begun + await reader.readexactly(size - len(begun))
        self.contents.append(data)
        if answer is not None:
            return
        if not (sender and recipients):
            await self._do(b"503 5.5.1 no envelope", writer)
            return
        received = Received(sender, recipients, data)
        await self._answer("BODY", recipients[0], writer, received)

    async def _take(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sender: str, recipients: tuple[str, ...]
    ) -> None:
        answer = self._asked("CONTENT", "")
        if answer is not None:
            self.contents.append(await reader.readline())
            await self._do(answer, writer)
        data = b""
        if (first := await reader.readline()) != b".\r\n":
            data = first + await reader.readuntil(b"\r\n.\r\n")
        self.contents.append(data)
        plain = data.removesuffix(b".\r\n").removeprefix(b".").replace(b"\r\n..", b"\r\n.")
        received = Received(sender, recipients, plain)
        await self._answer("BODY", recipients[0] if recipients else "", writer, received)

    def _asked(self, step: str, argument: str) -> Answer:
        self._counts[step] += 1
        return self.rule(step, argument, self._counts[step])

    async def _answer(
        self, step: str, argument: str, writer: asyncio.StreamWriter, received: Received | None = None
    ) -> bytes:
        answer = self._asked(step, argument)
        if answer is LATE and received is not None:
            self.taken.append(received)
            answer = DROP
        if answer is None:
            answer = GOOD.get(step, b"500 5.5.1 what?")
        if received is not None and received.recipients and isinstance(answer, bytes) and answer.startswith(b"2"):
            self.taken.append(received)  # before it is said: the test may look as soon as the client has read it
        return await self._do(answer, writer)

    async def _do(self, answer: Answer, writer: asyncio.StreamWriter) -> bytes:
        if answer is DROP:
            writer.close()
            raise ConnectionError
        if answer is RESET:
            writer.transport.abort()
            raise ConnectionError
        if answer is STALL:
            writer.transport.pause_reading() if isinstance(writer.transport, asyncio.ReadTransport) else None
            await asyncio.sleep(60)
        assert isinstance(answer, bytes)
        line = answer + b"\r\n"
        for piece in [line[n : n + 1] for n in range(len(line))] if self.in_pieces else [line]:
            writer.write(piece)
            await writer.drain()
            if self.in_pieces:
                await asyncio.sleep(0.0005)
        return answer


@contextmanager
def serving(rule: Rule | None = None, **options: object) -> Iterator[Server]:
    """Run a server for the length of the block."""
    server = Server(**({"rule": rule} if rule else {}), **options)  # type: ignore[arg-type]
    with server:
        yield server


def at(step: str, answer: Answer, *, to: str = "", times: int = 1_000_000) -> Rule:
    """Return a rule: `answer` at that step, if `to` is in its argument, the first `times` times."""
    seen = Counter[str]()

    def rule(now: str, argument: str, _count: int) -> Answer:
        if now != step or to not in argument or seen[step] >= times:
            return None
        seen[step] += 1
        return answer

    return rule


def both(*rules: Rule) -> Rule:
    """Return a rule that asks each of `rules` in turn."""

    def rule(step: str, argument: str, count: int) -> Answer:
        answers = (one(step, argument, count) for one in rules)
        return next((answer for answer in answers if answer is not None), None)

    return rule
