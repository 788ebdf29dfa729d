"""One message at a time, the next envelope behind it: one round trip a message where PIPELINING is announced.

A body and the next envelope leave in one write (RFC 2920 3.1 allows message content as the first
thing of a group). Without PIPELINING each command waits for its answer. With CHUNKING one BDAT
takes the place of DATA, 354 and the dot (RFC 3030); an envelope then costs no more round trips.
"""

from newsletter.delivery import commands
from newsletter.delivery.commands import Dialect
from newsletter.delivery.errors import ProtocolError
from newsletter.delivery.exchange import GOODBYE, REFUSAL, START_INPUT, Envelope, Exchange, outcome
from newsletter.delivery.feed import Feed, Parcel
from newsletter.delivery.outcomes import Deferred, Unclear
from newsletter.delivery.replies import Reply
from newsletter.delivery.transport import Connection


class Lockstep(Exchange):
    """At most one body without an answer, and at most one envelope ahead of its mark."""

    def __init__(
        self, connection: Connection, feed: Feed, dialect: Dialect, *, pipelining: bool, chunking: bool
    ) -> None:
        """Begin with a clean session; `pipelining` and `chunking` only where the server announces them."""
        super().__init__(connection, feed, dialect)
        self._pipelining = pipelining
        self._chunking = chunking
        self._ahead: Envelope | None = None
        self._flight: Parcel | None = None
        self._unclean = False  # an envelope was given up; RSET before the next
        group = () if not pipelining else ("MAIL", "RCPT") if chunking else ("MAIL", "RCPT", "DATA")
        self._steps = group or ("MAIL",)
        self.handlers = {
            "MAIL": self._on_mail,
            "RCPT": self._on_rcpt,
            "DATA": self._on_data,
            "BODY": self._on_body,
            "EMPTY": self._on_empty,
            "RSET": self._on_rset,
        }

    @property
    def busy(self) -> bool:
        """Return whether a message is under way."""
        return self._flight is not None or self._ahead is not None

    def wake(self) -> None:
        """Begin the next envelope, where nothing is under way."""
        if not self.busy and self._connection.clear and not self._connection.full:
            parcel = self._next()
            if parcel is not None:
                reset = self._unclean
                self._connection.say(self._begin(parcel), *self._awaited(reset=reset))

    def go(self) -> None:
        """Send the body of the accepted envelope, and the next envelope behind it."""
        if self._ahead is None:
            return
        parcel = self._flight = self._ahead.parcel
        self._ahead = None
        connection = self._connection
        connection.messages += 1
        # After a BDAT that fails only RSET makes the session clean (RFC 3030 2), and the next envelope does not wait.
        self._unclean = self._unclean or self._chunking
        following = self._next() if self._pipelining and not connection.full else None
        tail = b""
        steps: tuple[str, ...] = ("BODY",)
        if following is not None:
            reset = self._unclean
            tail = self._begin(following)
            steps = ("BODY", *self._awaited(reset=reset))
        if self._chunking:
            data = commands.unstuffed(parcel.data)
            connection.say_message(commands.bdat(len(data)), data, b"", tail, *steps)
        else:
            connection.say_message(b"", parcel.data, commands.END, tail, *steps)

    def abandon(self) -> None:
        """Give up the accepted envelope: after DATA only closing does, for a lone dot delivers an empty message."""
        self._ahead = None
        if self._chunking:
            self._unclean = True
            self._move_on()
        else:
            self._connection.abort("")

    def ended(self, why: str) -> None:
        """Settle the body that has no answer, and give back the envelope."""
        flight, ahead, held = self._flight, self._ahead, self._connection.held
        self._flight = self._ahead = None
        if flight is not None:
            self._feed.settle(flight, Deferred(None, why) if held else Unclear(why))
        if ahead is not None:
            self._feed.give_back(ahead.parcel, why)
        self._feed.closed(self._connection, why, unanswered=flight is not None and not held)

    # -- writing -----------------------------------------------------------------------------------

    def _begin(self, parcel: Parcel) -> bytes:
        self._ahead = Envelope(parcel)
        said = self._dialect.envelope(parcel) if self._pipelining else self._dialect.mail(parcel)
        if self._pipelining and not self._chunking:
            said += commands.DATA
        if self._unclean:
            self._unclean = False
            return commands.RSET + said
        return said

    def _awaited(self, *, reset: bool) -> tuple[str, ...]:
        return ("RSET", *self._steps) if reset else self._steps

    def _move_on(self) -> None:
        if self._connection.full and not self.busy:
            self._connection.quit()
        else:
            self.wake()

    # -- replies -----------------------------------------------------------------------------------

    def _on_mail(self, reply: Reply) -> None:
        envelope = self._open_envelope(reply)
        envelope.mail = reply
        if not self._pipelining:
            if reply.positive:
                self._connection.say(self._dialect.rcpt(envelope.parcel), "RCPT")
            else:
                self._turn_down(envelope)

    def _on_rcpt(self, reply: Reply) -> None:
        envelope = self._open_envelope(reply)
        envelope.rcpt = reply
        if self._pipelining and not self._chunking:
            return  # the answer to DATA decides
        if envelope.refusal is not None:
            self._turn_down(envelope)
        elif self._chunking:
            self._ask(envelope)
        else:
            self._connection.say(commands.DATA, "DATA")

    def _on_data(self, reply: Reply) -> None:
        envelope = self._open_envelope(reply)
        refused = envelope.refusal is not None
        if reply.code == START_INPUT and not refused:
            self._ask(envelope)
        elif reply.code == START_INPUT:
            self._take_back_data(envelope)
        elif reply.code < REFUSAL and not refused:
            raise ProtocolError("it answered DATA with neither 354 nor a refusal")
        else:
            self._turn_down(envelope, reply)

    def _ask(self, envelope: Envelope) -> None:
        envelope.accepted = True
        self._feed.ask_to_go(self._connection, envelope.parcel)

    def _take_back_data(self, envelope: Envelope) -> None:
        """End a DATA that the server began although it had refused the sender or the recipient."""
        if envelope.rcpt is not None and not envelope.rcpt.positive:
            # No recipient was accepted, so that the lone dot delivers nothing (RFC 2920 3.1).
            self._connection.say(commands.END, "EMPTY")
            return
        self._ahead = None
        if envelope.mail is not None:
            self._sender_refused(envelope, envelope.mail)
        raise ProtocolError("it took a recipient without a sender")

    def _on_body(self, reply: Reply) -> None:
        parcel = self._flight
        if parcel is None:
            raise ProtocolError("it answered what was not asked")
        result = outcome(reply, after_data=True)
        self._flight = None
        early = self._connection.held > 0
        if early and reply.positive:
            result = Unclear("it took a message before it had the whole")
        self._feed.settle(parcel, result)
        if early:
            raise ProtocolError("it answered a message before it had the whole")
        if reply.code == GOODBYE:
            raise ProtocolError(reply.text)
        self._move_on()

    def _on_empty(self, reply: Reply) -> None:
        if self._ahead is not None:
            self._turn_down(self._ahead)
        if reply.code == GOODBYE:
            raise ProtocolError(reply.text)

    def _on_rset(self, reply: Reply) -> None:
        if not reply.positive:
            raise ProtocolError(reply.text if reply.code == GOODBYE else "it refused RSET")

    def _open_envelope(self, reply: Reply) -> Envelope:
        if reply.code == GOODBYE or self._ahead is None:
            raise ProtocolError(reply.text)
        return self._ahead

    def _turn_down(self, envelope: Envelope, data: Reply | None = None) -> None:
        """Settle an envelope that was not accepted, and go on with the next."""
        self._ahead = None
        self._unclean = True
        answer = envelope.refusal or data
        if answer is None:
            raise ProtocolError("it refused without an answer")
        if answer is envelope.mail:
            self._sender_refused(envelope, answer)
        else:
            self._feed.settle(envelope.parcel, outcome(answer))
        self._move_on()

    def _sender_refused(self, envelope: Envelope, reply: Reply) -> None:
        if reply.temporary:
            self._feed.give_back(envelope.parcel, reply.text)
            raise ProtocolError(reply.text)  # the server is busy: leave it alone for a while
        self._blame(envelope.parcel, reply)
