"""Several messages on the way at once, by BDAT: for a relay so far away that one round trip a message is too slow.

Envelope and body leave before the previous answer has come (RFC 2920, RFC 3030), `depth` messages at most.
Each is marked before its first byte as always, but one broken connection may leave all of them uncertain.
"""

from collections import deque

from newsletter.delivery import commands
from newsletter.delivery.commands import Dialect
from newsletter.delivery.errors import ProtocolError
from newsletter.delivery.exchange import GOODBYE, Envelope, Exchange, outcome
from newsletter.delivery.feed import Feed, Parcel
from newsletter.delivery.outcomes import Accepted, Deferred, Outcome, Unclear
from newsletter.delivery.replies import Reply
from newsletter.delivery.transport import Connection

STEPS = ("RSET", "MAIL", "RCPT", "BODY")
"""RSET goes before each: the state after a refused message is not defined, and nothing waits to see it."""


class Streaming(Exchange):
    """At most `depth` messages without an answer; only where PIPELINING and CHUNKING are announced."""

    def __init__(self, connection: Connection, feed: Feed, dialect: Dialect, *, depth: int) -> None:
        """Begin with a clean session."""
        super().__init__(connection, feed, dialect)
        self._depth = depth
        self._asked: deque[Parcel] = deque()
        self._sent: deque[Envelope] = deque()
        self.handlers = {"RSET": self._on_rset, "MAIL": self._on_mail, "RCPT": self._on_rcpt, "BODY": self._on_body}

    @property
    def busy(self) -> bool:
        """Return whether a message is under way."""
        return bool(self._sent or self._asked)

    def wake(self) -> None:
        """Ask for as many marks as there is room for."""
        while len(self._sent) + len(self._asked) < self._depth and not self._full:
            parcel = self._next()
            if parcel is None:
                return
            self._asked.append(parcel)
            self._feed.ask_to_go(self._connection, parcel)

    def go(self) -> None:
        """Send the oldest message that was asked about, envelope and all."""
        if not self._asked:
            return
        parcel = self._asked.popleft()
        self._sent.append(Envelope(parcel))
        self._connection.messages += 1
        data = commands.unstuffed(parcel.data)
        head = (commands.RSET, self._dialect.envelope(parcel), commands.bdat(len(data)))
        self._connection.say_message(b"".join(head), data, b"", b"", *STEPS)

    def abandon(self) -> None:
        """Drop the oldest message that was asked about: nothing of it has left."""
        if self._asked:
            self._asked.popleft()
        self._move_on()

    def ended(self, why: str) -> None:
        """Settle what has no answer, each by whether it has wholly left, and give back what was only asked about."""
        sent, asked, held = list(self._sent), list(self._asked), self._connection.held
        self._sent.clear()
        self._asked.clear()
        in_doubt = False
        for number, envelope in enumerate(sent):
            whole = number < len(sent) - held
            in_doubt = in_doubt or (whole and envelope.refusal is None)
            if envelope.refusal is not None:
                self._turn_down(envelope)
            else:
                self._feed.settle(envelope.parcel, Unclear(why) if whole else Deferred(None, why))
        for parcel in asked:
            self._feed.give_back(parcel, why)
        self._feed.closed(self._connection, why, unanswered=in_doubt)

    @property
    def _full(self) -> bool:
        return self._connection.messages + len(self._asked) >= self._connection.most_messages

    def _move_on(self) -> None:
        if self._connection.full and not self.busy:
            self._connection.quit()
        else:
            self.wake()

    # -- replies -----------------------------------------------------------------------------------

    def _on_rset(self, reply: Reply) -> None:
        if not reply.positive:  # which says nothing of the message behind it
            raise ProtocolError(reply.text if reply.code == GOODBYE else "it refused RSET")

    def _on_mail(self, reply: Reply) -> None:
        self._oldest.mail = reply
        if reply.code == GOODBYE:
            raise ProtocolError(reply.text)

    def _on_rcpt(self, reply: Reply) -> None:
        self._oldest.rcpt = reply
        if reply.code == GOODBYE:
            raise ProtocolError(reply.text)

    def _on_body(self, reply: Reply) -> None:
        envelope = self._oldest
        result = outcome(reply, after_data=True)  # raises where it says nothing
        early = self._connection.held >= len(self._sent)
        self._sent.popleft()
        if early or envelope.refusal is not None:
            self._settle_strangely(envelope, result)
        else:
            self._feed.settle(envelope.parcel, result)
        if early:
            raise ProtocolError("it answered a message before it had the whole")
        if reply.code == GOODBYE:
            raise ProtocolError(reply.text)
        self._move_on()

    @property
    def _oldest(self) -> Envelope:
        if not self._sent:
            raise ProtocolError("it answered what was not asked")
        return self._sent[0]

    def _settle_strangely(self, envelope: Envelope, result: Outcome) -> None:
        taken = isinstance(result, Accepted)
        nobody = envelope.rcpt is not None and not envelope.rcpt.positive
        if envelope.refusal is not None and (nobody or not taken):
            self._turn_down(envelope)
        elif taken:
            self._feed.settle(
                envelope.parcel, Unclear("it took a message that it had refused, or had not the whole of")
            )
        else:
            self._feed.settle(envelope.parcel, result)

    def _turn_down(self, envelope: Envelope) -> None:
        """Settle a message that the server has refused by its envelope."""
        answer = envelope.refusal
        if answer is envelope.mail and answer is not None and not answer.temporary:
            self._blame(envelope.parcel, answer)
        elif answer is not None:
            self._feed.settle(envelope.parcel, outcome(answer))
