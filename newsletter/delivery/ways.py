"""Which way of sending fits a server: what it announces, and what the settings wish."""

from collections.abc import Mapping
from typing import Literal

from newsletter.config import RelaySettings
from newsletter.delivery.commands import Dialect
from newsletter.delivery.exchange import Exchange
from newsletter.delivery.feed import Feed
from newsletter.delivery.lockstep import Lockstep
from newsletter.delivery.opening import Opened
from newsletter.delivery.streaming import Streaming

Way = Literal["streaming", "one chunk", "pipelined chunk", "pipelined", "four steps"]


def of_sending(relay: RelaySettings, opened: Opened, feed: Feed, *, careful: bool = False) -> Exchange:
    """Return the way of sending over an opened connection; a `careful` one has one message under way at a time."""
    dialect = Dialect.of(opened.features, dsn=relay.dsn)
    way = named(relay, opened.features)
    if way == "streaming" and not careful:
        return Streaming(opened.connection, feed, dialect, depth=relay.streaming_depth)
    return Lockstep(
        opened.connection,
        feed,
        dialect,
        pipelining=way in {"pipelined", "pipelined chunk", "streaming"},
        chunking=way in {"one chunk", "pipelined chunk", "streaming"},
    )


def named(relay: RelaySettings, features: Mapping[str, str]) -> Way:
    """Return the fastest way that both the server and the settings allow."""
    pipelining = relay.pipelining and "PIPELINING" in features
    if relay.chunking != "off" and "CHUNKING" in features:
        if not pipelining:
            return "one chunk"
        return "streaming" if relay.chunking == "streaming" else "pipelined chunk"
    return "pipelined" if pipelining else "four steps"
