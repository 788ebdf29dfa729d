"""A feed without a database: it gives three messages to one connection and notes what it is told of them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from newsletter.config import RelaySettings
from newsletter.delivery import opening, ways
from newsletter.delivery.feed import Parcel
from newsletter.delivery.outcomes import Outcome
from newsletter.delivery.transport import Connection

READERS = tuple(f"r{number}@example.org" for number in range(3))
TICK_SECONDS = 0.01


def parcel(recipient: str, *, sender: str = "bounce+t0k3n@example.org", data: bytes = b"") -> Parcel:
    """Return a message to somebody."""
    return Parcel(None, sender, recipient, data or b"Subject: x\r\n\r\nDear " + recipient.encode() + b"\r\n")


@dataclass
class Desk:
    """It commits a mark one turn of the loop later, as the recorder does at its quickest."""

    parcels: Sequence[Parcel]
    fates: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    most_asked: int = 0
    barred: frozenset[str] = frozenset()
    why: str | None = None
    unanswered: bool = False

    def __post_init__(self) -> None:
        self._left = list(self.parcels)
        self._asked = 0
        self.over = asyncio.Event()

    def take(self) -> Parcel | None:
        return self._left.pop(0) if self._left else None

    def ask_to_go(self, connection: Connection, parcel: Parcel) -> None:
        self._asked += 1
        self.most_asked = max(self.most_asked, self._asked)
        asyncio.get_running_loop().call_soon(self._decide, connection, parcel)

    def settle(self, parcel: Parcel, outcome: Outcome) -> None:
        self.outcomes[parcel.recipient] = outcome
        self._note(parcel, type(outcome).__name__.lower())

    def give_back(self, parcel: Parcel, why: str) -> None:
        self.reasons[parcel.recipient] = why
        self._note(parcel, "returned")

    def blame(self, parcel: Parcel, sentence: str) -> None:
        self.reasons[parcel.recipient] = sentence
        self._note(parcel, "blamed")

    def closed(self, _connection: Connection, why: str, *, unanswered: bool) -> None:
        self.why, self.unanswered = why, unanswered
        self.over.set()

    def _decide(self, connection: Connection, parcel: Parcel) -> None:
        self._asked -= 1
        if parcel.recipient in self.barred:
            self._note(parcel, "barred")
            connection.abandon()
        else:
            connection.go()

    def _note(self, parcel: Parcel, fate: str) -> None:
        assert parcel.recipient not in self.fates, "told twice"
        self.fates[parcel.recipient] = fate
        if len(self.fates) == len(self.parcels):
            self.over.set()


def send(
    settings: RelaySettings, parcels: Sequence[Parcel] | None = None, *, careful: bool = False, **options: Any
) -> Desk:
    """Send over one connection until everything is settled or it has ended; return what the feed was told."""
    return asyncio.run(_send(settings, parcels or [parcel(reader) for reader in READERS], options, careful=careful))


async def _send(settings: RelaySettings, parcels: Sequence[Parcel], options: dict[str, Any], *, careful: bool) -> Desk:
    desk = Desk(parcels, **options)
    opened = await opening.connect(settings)
    connection = opened.connection
    connection.serve(ways.of_sending(settings, opened, desk, careful=careful))
    async with asyncio.timeout(20):
        while not desk.over.is_set():
            if connection.overdue:
                connection.abort("it did not answer in time")
            await asyncio.sleep(TICK_SECONDS)
    connection.abort("")
    await asyncio.sleep(0)
    return desk
