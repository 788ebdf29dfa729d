"""A server that takes fewer connections than we may open gets fewer, and more again when it has been quiet."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from newsletter.config import Settings
from newsletter.delivery import crowd
from newsletter.delivery.crowd import Crowd
from tests.newsletter.delivery import office as offices
from tests.newsletter.delivery.conftest import Send
from tests.newsletter.delivery.relays import Answer, serving


def test_the_limit_falls_at_once_and_rises_one_by_one() -> None:
    limit = Crowd(10)
    limit.turned_away(3, now=100)

    assert limit.limit(101) == 3
    assert [limit.limit(now) for now in (161, 162, 222, 283)] == [4, 4, 5, 6]


def test_a_limit_found_again_is_tried_less_often() -> None:
    limit = Crowd(10)
    limit.turned_away(3, now=0)
    assert limit.limit(60) == 4
    limit.turned_away(3, now=61)

    assert limit.limit(61 + crowd.FIRST_SECONDS) == 3
    assert limit.limit(61 + 2 * crowd.FIRST_SECONDS) == 4


def test_several_refusals_at_once_count_as_one() -> None:
    limit = Crowd(10)
    for _ in range(5):
        limit.turned_away(4, now=0)

    assert limit.limit(crowd.FIRST_SECONDS) == 5


def test_one_connection_is_always_tried() -> None:
    limit = Crowd(10)
    limit.turned_away(0, now=0)

    assert limit.limit(1) == 1


def test_an_issue_goes_out_over_the_connections_that_the_server_bears(
    settings: Settings, engine: Engine, send: Send
) -> None:
    office = offices.make(engine, settings, datetime.now(UTC), readers=30)

    def rule(step: str, _argument: str, _count: int) -> Answer:
        crowded = step == "CONNECT" and server.present > 2
        return b"421 4.7.0 too many connections" if crowded else None

    with serving(rule) as server:
        send(server.port, connections=8, timeout_seconds=5)

    assert office.states() == ["sent"] * 30
    assert office.issue().paused_at is None
    assert len(server.addressees()) == 30
