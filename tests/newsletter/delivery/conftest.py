"""What tests of sending share: settings that point to a server, and a bounded run of the sender."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from newsletter.config import Settings
from newsletter.delivery import sender
from newsletter.keys import Keys
from tests.newsletter.delivery import office as offices
from tests.newsletter.delivery.office import Office
from tests.newsletter.delivery.relays import Server

Send = Callable[..., None]


@pytest.fixture
def office(engine: Engine, settings: Settings) -> Office:
    """Return an office whose issue is due to three readers."""
    return offices.make(engine, settings, datetime.now(UTC), readers=3)


@pytest.fixture
def server() -> Iterator[Server]:
    """Return a server that takes everything."""
    with Server() as running:
        yield running


def pointed(settings: Settings, port: int, *, delivery: dict[str, Any] | None = None, **relay: Any) -> Settings:
    """Return settings whose mail server listens on that port of this machine; it is impatient unless told otherwise."""
    options: dict[str, Any] = {"host": "127.0.0.1", "port": port, "connections": 2, "timeout_seconds": 1.5}
    return settings.model_copy(
        update={
            "relay": settings.relay.model_copy(update=options | relay),
            "delivery": settings.delivery.model_copy(update=delivery or {}),
        }
    )


@pytest.fixture
def send(settings: Settings, keys: Keys) -> Send:
    """Return a function that sends what is due to the server on a port, and ends within `seconds`."""

    def run(port: int, *, seconds: float = 60, drain: bool = True, **options: Any) -> None:
        end = time.monotonic() + seconds
        sender.run(pointed(settings, port, **options), keys, stop=lambda: time.monotonic() > end, drain=drain)

    return run
