"""One SMTP connection: envelopes, bodies and strictly counted replies, in one or four round trips a message.

Where the server announces PIPELINING, a body and the next envelope leave in one write (RFC 2920 3.1
allows message content as the first thing of a group), which is one round trip a message.
"""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from newsletter.delivery import commands
from newsletter.delivery.errors import ProtocolError, RelayDownError
from newsletter.delivery.feed import Feed, Parcel
from newsletter.delivery.outcomes import Accepted, Deferred, Refused, Unclear
from newsletter.delivery.reasons import classify
from newsletter.delivery.replies import Reader, Reply

GOODBYE = 421
START_INPUT = 354
REFUSAL = 400  # and above


@dataclass(slots=True)
class _Envelope:
    parcel: Parcel
    mail: Reply | None = None
    rcpt: Reply | None = None
    accepted: bool = False  # the server waits for the body


class Connection(asyncio.Protocol):
    """One connection. First `ask` steps through its opening, then `serve` hands it to a feed."""

    def __init__(self, *, timeout: float, most_messages: int = 1_000_000) -> None:
        self._loop = asyncio.get_running_loop()
        self._timeout = timeout
        self._most_messages = most_messages
        self._transport: asyncio.Transport | None = None
        self._reader = Reader()
        self._steps: deque[str] = deque(["GREETING"])
        self._asked: asyncio.Future[Reply] | None = self._loop.create_future()
        self._feed: Feed | None = None
        self._ahead: _Envelope | None = None
        self._flight: Parcel | None = None
        self._held = False  # some of the body in flight, or its end, is still in our own buffer
        self._unclean = False  # an envelope was given up; RSET before the next
        self._handlers = {
            "MAIL": self._on_mail,
            "RCPT": self._on_rcpt,
            "DATA": self._on_data,
            "BODY": self._on_body,
            "EMPTY": self._on_empty,
            "RSET": self._on_rset,
            "QUIT": self._on_quit,
        }
        self._why: str | None = None  # none: it is open; empty: we close it
        self._lost = False
        self.features: Mapping[str, str] = {}
        self.pipelining = False
        self.generation = 0  # which attempt of the relay's this connection belongs to
        self.messages = 0
        self.deadline = self._loop.time() + self._wait("GREETING")

    # -- for the relay ---------------------------------------------------------------------------

    @property
    def idle(self) -> bool:
        """Return whether it could begin a message."""
        return self._feed is not None and not (self._lost or self._steps or self._ahead or self._flight)

    @property
    def lost(self) -> bool:
        """Return whether it has ended."""
        return self._lost

    @property
    def working(self) -> bool:
        """Return whether a message is under way."""
        return self._flight is not None or self._ahead is not None

    @property
    def overdue(self) -> bool:
        """Return whether an answer has been awaited for too long."""
        return bool(self._steps) and self._loop.time() > self.deadline

    async def ask(self, line: bytes | None = None) -> Reply:
        """Send a command of the opening and return its reply; without one return the greeting."""
        if line is not None:
            if self._lost:
                raise RelayDownError(self._why or "it closed the connection")
            self._asked = self._loop.create_future()
            self._write(line + b"\r\n", "COMMAND")
        if self._asked is None:
            raise ProtocolError("nothing was asked")
        return await self._asked

    async def start_tls(self, context: Any, host: str) -> None:
        """Encrypt the connection; raise ProtocolError where bytes came before that (they could be injected)."""
        if not self._reader.empty or self._transport is None:
            raise ProtocolError("it spoke on before TLS began")
        self._transport = await self._loop.start_tls(self._transport, self, context, server_hostname=host)

    def serve(self, feed: Feed, features: Mapping[str, str], *, pipelining: bool) -> None:
        """Begin to send what `feed` gives."""
        self._feed = feed
        self.features = features
        self.pipelining = pipelining and "PIPELINING" in features
        self.wake()

    def wake(self) -> None:
        """Take the next message, where it is idle and there is one."""
        if self.idle and self._feed is not None and self.messages < self._most_messages:
            parcel = self._next()
            if parcel is not None:
                self._write(self._envelope(parcel), *self._begin(parcel))

    def go(self) -> None:
        """Send the body of the accepted envelope: its mark is committed."""
        if self._lost or self._ahead is None or self._transport is None or self._feed is None:
            return  # lost in the meantime; `connection_lost` told the feed
        parcel = self._ahead.parcel
        self._flight, self._ahead = parcel, None
        self.messages += 1
        following = self._next() if self.pipelining and self.messages < self._most_messages else None
        tail = b"" if following is None else self._envelope(following)
        # The end of the body has left us as soon as no more than `tail` waits in our buffer.
        self._transport.set_write_buffer_limits(high=len(tail), low=len(tail))
        steps = ["BODY"] if following is None else ["BODY", *self._begin(following)]
        self._write(b"".join((parcel.data, commands.END, tail)), *steps)

    def abandon(self) -> None:
        """Give up the accepted envelope: only closing does, since a lone dot would deliver an empty message."""
        self._ahead = None
        self.abort("")

    def quit(self) -> None:
        """Say goodbye; nothing may be in flight."""
        if self.idle:
            self._why = ""
            self._write(commands.QUIT, "QUIT")

    def abort(self, why: str) -> None:
        """Close at once."""
        if self._why is None:
            self._why = why
        if self._transport is not None and not self._lost:
            self._transport.abort()

    # -- asyncio.Protocol ------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - tells the type checker what asyncio gives
        self._transport = transport

    def pause_writing(self) -> None:
        """Note that bytes wait in our buffer."""
        self._held = True

    def resume_writing(self) -> None:
        """Note that they have left."""
        self._held = False

    def data_received(self, data: bytes) -> None:
        """Take replies, each for the step that waits longest."""
        try:
            for reply in self._reader.feed(data):
                if self._lost or self._transport is None or self._transport.is_closing():
                    return
                self._reply(reply)
        except ProtocolError as error:
            self.abort(str(error))

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the feed what has become of what was under way."""
        self._lost = True
        why = self._why if self._why is not None else str(exc or "it closed the connection")
        self._steps.clear()
        if self._asked is not None and not self._asked.done():
            self._asked.set_exception(RelayDownError(why))
        if self._feed is None:
            return
        flight, ahead = self._flight, self._ahead
        self._flight = self._ahead = None
        if flight is not None:
            self._feed.settle(flight, Deferred(None, why) if self._held else Unclear(why))
        if ahead is not None:
            self._feed.give_back(ahead.parcel, why)
        self._feed.closed(self, why, unanswered=flight is not None and not self._held)

    # -- replies ---------------------------------------------------------------------------------

    def _reply(self, reply: Reply) -> None:
        if not self._steps:
            raise ProtocolError(reply.text if reply.code == GOODBYE else "it answered what was not asked")
        step = self._steps.popleft()
        if self._steps:
            self.deadline = self._loop.time() + self._wait(self._steps[0])
        if self._asked is not None and step in {"GREETING", "COMMAND"}:
            self._asked.set_result(reply)
            self._asked = None
            return
        self._handlers[step](reply)

    def _on_mail(self, reply: Reply) -> None:
        envelope = self._open_envelope(reply)
        envelope.mail = reply
        if not self.pipelining:
            if reply.positive:
                self._write(commands.rcpt(envelope.parcel), "RCPT")
            else:
                self._turn_down(envelope)

    def _on_rcpt(self, reply: Reply) -> None:
        envelope = self._open_envelope(reply)
        envelope.rcpt = reply
        if not self.pipelining:
            if reply.positive:
                self._write(commands.DATA, "DATA")
            else:
                self._turn_down(envelope)

    def _on_data(self, reply: Reply) -> None:
        envelope = self._open_envelope(reply)
        refused = not all(answer is not None and answer.positive for answer in (envelope.mail, envelope.rcpt))
        if reply.code == START_INPUT and not refused:
            envelope.accepted = True
            if self._feed is not None:
                self._feed.ask_to_go(self, envelope.parcel)
        elif reply.code == START_INPUT:
            self._take_back_data(envelope)
        elif reply.code < REFUSAL and not refused:
            raise ProtocolError("it answered DATA with neither 354 nor a refusal")
        else:
            self._turn_down(envelope, reply)

    def _take_back_data(self, envelope: _Envelope) -> None:
        """End a DATA that the server began although it had refused the sender or the recipient."""
        if envelope.rcpt is not None and not envelope.rcpt.positive:
            # No recipient was accepted, so that the lone dot delivers nothing (RFC 2920 3.1).
            self._write(commands.END, "EMPTY")
            return
        self._ahead = None
        if envelope.mail is not None:
            self._sender_refused(envelope, envelope.mail)
        raise ProtocolError("it took a recipient without a sender")

    def _on_body(self, reply: Reply) -> None:
        parcel, self._flight = self._flight, None
        if parcel is None or self._feed is None:
            raise ProtocolError("it answered what was not asked")
        if reply.positive:
            self._feed.settle(parcel, Accepted(reply))
        elif reply.temporary:
            self._feed.settle(parcel, Deferred(reply))
        elif reply.code == START_INPUT:
            self._flight = parcel
            raise ProtocolError("it answered a message with 354")
        else:
            self._feed.settle(parcel, Refused(reply, classify(reply)))
        if reply.code == GOODBYE:
            raise ProtocolError(reply.text)
        self._move_on()

    def _on_empty(self, _reply: Reply) -> None:
        envelope, self._ahead = self._ahead, None
        if envelope is not None:
            self._turn_down(envelope)

    def _on_rset(self, reply: Reply) -> None:
        if not reply.positive:
            raise ProtocolError("it refused RSET")

    def _on_quit(self, _reply: Reply) -> None:
        if self._transport is not None:
            self._transport.close()

    def _open_envelope(self, reply: Reply) -> _Envelope:
        if reply.code == GOODBYE or self._ahead is None:
            raise ProtocolError(reply.text)
        return self._ahead

    def _turn_down(self, envelope: _Envelope, data: Reply | None = None) -> None:
        """Settle an envelope that was not accepted, and go on with the next."""
        self._ahead = None
        self._unclean = True
        if self._feed is None:
            return
        if envelope.mail is not None and not envelope.mail.positive:
            self._sender_refused(envelope, envelope.mail)
        else:
            answer = envelope.rcpt if envelope.rcpt is not None and not envelope.rcpt.positive else data
            if answer is None:
                raise ProtocolError("it refused without an answer")
            outcome = Deferred(answer) if answer.temporary else Refused(answer, classify(answer))
            self._feed.settle(envelope.parcel, outcome)
        self._move_on()

    def _sender_refused(self, envelope: _Envelope, reply: Reply) -> None:
        if self._feed is None:
            return
        if reply.temporary:
            self._feed.give_back(envelope.parcel, reply.text)
            raise ProtocolError(reply.text)  # the server is busy: leave it alone for a while
        self._feed.blame(envelope.parcel, f"The mail server refuses our sender address: {reply.code} {reply.text}")

    def _move_on(self) -> None:
        if self._ahead is None and self.messages >= self._most_messages:
            self.quit()
        else:
            self.wake()

    # -- writing ---------------------------------------------------------------------------------

    def _next(self) -> Parcel | None:
        """Return the next message that this server can take; turn down those it cannot."""
        if self._feed is None:
            return None
        while (parcel := self._feed.take()) is not None:
            limit = self.features.get("SIZE", "")
            if limit.isdigit() and 0 < int(limit) < len(parcel.data):
                sentence = f"The message has {len(parcel.data):,} bytes; the mail server takes {int(limit):,} at most."
                self._feed.blame(parcel, sentence)
            elif not parcel.recipient.isascii() and "SMTPUTF8" not in self.features:
                self._feed.settle(parcel, Refused(None, "needs_utf8"))
            else:
                return parcel
        return None

    def _begin(self, parcel: Parcel) -> list[str]:
        self._ahead = _Envelope(parcel)
        reset = ["RSET"] if self._unclean else []
        self._unclean = False
        return [*reset, "MAIL", "RCPT", "DATA"] if self.pipelining else [*reset, "MAIL"]

    def _envelope(self, parcel: Parcel) -> bytes:
        reset = commands.RSET if self._unclean else b""
        mail = reset + commands.mail(parcel, self.features)
        return mail + commands.rcpt(parcel) + commands.DATA if self.pipelining else mail

    def _write(self, data: bytes, *steps: str) -> None:
        if self._transport is None or self._lost:
            return
        if not self._steps:
            self.deadline = self._loop.time() + self._wait(steps[0])
        self._steps.extend(steps)
        self._transport.write(data)

    def _wait(self, step: str) -> float:
        return min(commands.WAITS[step], self._timeout)
