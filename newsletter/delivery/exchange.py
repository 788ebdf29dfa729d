"""How messages go over a connection: what every way of doing it shares."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.delivery import commands, whys
from newsletter.delivery.commands import Dialect
from newsletter.delivery.errors import ProtocolError
from newsletter.delivery.feed import Feed, Parcel
from newsletter.delivery.outcomes import Accepted, Deferred, Outcome, Refused
from newsletter.delivery.reasons import classify
from newsletter.delivery.replies import Reply

if TYPE_CHECKING:
    from newsletter.delivery.transport import Connection

GOODBYE = 421
START_INPUT = 354
REFUSAL = 400  # and above
Handlers = Mapping[str, Callable[[Reply], None]]


@dataclass(slots=True)
class Envelope:
    """A message under way, and what the server has said about it so far."""

    parcel: Parcel
    mail: Reply | None = None
    rcpt: Reply | None = None
    accepted: bool = False  # the server waits for the body

    @property
    def refusal(self) -> Reply | None:
        """Return the first refusal, or None."""
        return next((reply for reply in (self.mail, self.rcpt) if reply is not None and not reply.positive), None)


class Exchange(ABC):
    """One way of sending: it writes to a connection what a feed gives, and tells the feed what came of it."""

    handlers: Handlers

    def __init__(self, connection: "Connection", feed: Feed, dialect: Dialect) -> None:
        self._connection = connection
        self._feed = feed
        self._dialect = dialect

    @property
    @abstractmethod
    def busy(self) -> bool:
        """Return whether a message is under way."""

    @abstractmethod
    def wake(self) -> None:
        """Take the next message, where there is one and room for it."""

    @abstractmethod
    def go(self) -> None:
        """Send the message that was asked about first: its mark is committed."""

    @abstractmethod
    def abandon(self) -> None:
        """Give up the message that was asked about first; it may not go."""

    @abstractmethod
    def ended(self, why: str) -> None:
        """Tell the feed what has become of what was under way, and that the connection has ended."""

    def _next(self) -> Parcel | None:
        """Return the next message that this server can take; turn down those it cannot."""
        dialect = self._dialect
        while (parcel := self._feed.take()) is not None:
            if 0 < dialect.most_bytes < len(parcel.data):
                sizes = {"size": f"{len(parcel.data):,}", "most": f"{dialect.most_bytes:,}"}
                self._feed.blame(parcel, whys.written("pause.too_large", **sizes))
            elif commands.is_plain(parcel):
                return parcel
            elif not commands.is_speakable(parcel):
                self._feed.settle(parcel, Refused(None, "bad_address"))
            elif not dialect.utf8 and commands.needs_utf8(parcel):
                self._feed.settle(parcel, Refused(None, "needs_utf8"))
            else:
                return parcel
        return None

    def _blame(self, parcel: Parcel, reply: Reply) -> None:
        self._feed.blame(parcel, whys.written("pause.sender_refused", quote=f"{reply.code} {reply.text}"))


def outcome(reply: Reply, *, after_data: bool = False) -> Outcome:
    """Return what an answer to a recipient or a whole message says; raise ProtocolError where it says nothing."""
    if reply.positive:
        return Accepted(reply)
    if reply.temporary:
        return Deferred(reply)
    if reply.code < REFUSAL:
        message = f"it answered a message with {reply.code}"
        raise ProtocolError(message)
    return Refused(reply, classify(reply, after_data=after_data))
