"""The SMTP server that takes everything and sends nothing on."""

import asyncio
import socket
import threading
from collections.abc import Callable

from aiosmtpd.smtp import SMTP, Envelope, Session

READY_SECONDS = 10.0
MAX_MESSAGE_BYTES = 64 * 2**20
MAX_LINE_BYTES = 998
READ_AHEAD_BYTES = 2**18
"""aiosmtpd reads at most twice its line limit ahead, 2 kB; with so small a window a big message crawls."""

Keep = Callable[[str, tuple[str, ...], bytes], object]
"""Called with envelope sender, envelope recipients and message; the message is acknowledged when it returns."""


class SmtpServer:
    """Listens from its construction on, serves from `start` to `stop` in a thread of its own."""

    def __init__(self, keep: Keep, *, host: str, port: int) -> None:
        """Bind to `host` and `port`; port 0 takes a free one, which `port` then names."""
        self._socket = socket.create_server((host, port))
        self.port: int = self._socket.getsockname()[1]
        self._handler = _Handler(keep)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="catcher-smtp", daemon=True)

    def start(self) -> None:
        """Serve; return when connections are answered."""
        self._thread.start()
        if not self._ready.wait(READY_SECONDS):
            raise TimeoutError("the mail catcher's SMTP server did not start")

    def stop(self) -> None:
        """Close every connection and the port."""
        if self._ready.is_set():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()
        self._socket.close()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        server = await self._loop.create_server(self._connection, sock=self._socket)
        self._ready.set()
        await self._stopping.wait()
        server.close()
        for connection in list(self._handler.open):
            connection.abort()

    def _connection(self) -> SMTP:
        return _Connection(
            self._handler,
            hostname="catcher.sandbox",
            ident="sandbox, delivers nothing",
            enable_SMTPUTF8=True,
            data_size_limit=MAX_MESSAGE_BYTES,
            loop=self._loop,
        )


class _Handler:
    """aiosmtpd's hooks; each method's name and arguments are its."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self.open: set[asyncio.Transport] = set()

    async def handle_EHLO(  # noqa: N802 - the name is aiosmtpd's
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]]

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        # aiosmtpd writes the null sender as "<>".
        sender = "" if envelope.mail_from in (None, "<>") else str(envelope.mail_from)
        content = envelope.original_content or b""
        if fault := _fault(content):
            return f"554 5.6.0 {fault}"
        caught = self._keep(sender, tuple(envelope.rcpt_tos), content)
        return f"250 2.0.0 kept as {getattr(caught, 'id', 'well')}"


def _fault(content: bytes) -> str:
    """Return what real servers refuse or break in a message; a sandbox that forgives would hide it."""
    if content.count(b"\n") != content.count(b"\r\n") or content.count(b"\r") != content.count(b"\r\n"):
        return "bare CR or LF (RFC 5321 2.3.8)"
    if max(map(len, content.split(b"\r\n"))) > MAX_LINE_BYTES:
        return "a line is longer than 998 octets (RFC 5322 2.1.1)"
    return ""


class _Connection(SMTP):
    """One connection, known to its handler while it is open."""

    line_length_limit = READ_AHEAD_BYTES

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.event_handler.open.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.event_handler.open.discard(self.transport)
        super().connection_lost(error)
