"""What goes over a connection, and who gives it and hears what came of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from newsletter.delivery.outcomes import Outcome

if TYPE_CHECKING:
    from newsletter.delivery.transport import Connection


@dataclass(frozen=True, slots=True, eq=False)
class Parcel:
    """One message and its envelope, ready for the wire."""

    row: Any  # what it is to the sender
    sender: str  # empty: the null sender
    recipient: str
    data: bytes  # CRLF line ends, ends with one; no line begins with a dot, or `stuffed` has doubled it


class Feed(Protocol):
    """Where a connection gets its messages from, and who it tells what came of them."""

    def take(self) -> Parcel | None:
        """Return the next message, or None where there is nothing to send now."""

    def ask_to_go(self, connection: "Connection", parcel: Parcel) -> None:
        """Mark the message; then call `connection.go()`, or `connection.abandon()` where it may not go."""

    def settle(self, parcel: Parcel, outcome: Outcome) -> None:
        """Record what came of a message."""

    def give_back(self, parcel: Parcel, why: str) -> None:
        """Take back a message of which not one byte of the body was sent."""

    def blame(self, parcel: Parcel, sentence: str) -> None:
        """Take back a message that the server refuses because of us; a person must look."""

    def closed(self, connection: "Connection", why: str, *, unanswered: bool) -> None:
        """Note that a connection has ended: by us where `why` is empty; `unanswered`: with a body in doubt."""
