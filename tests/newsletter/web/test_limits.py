"""One network may post only so often, and cannot pretend to be another."""

from dataclasses import replace

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from newsletter.web import app as web_app
from newsletter.web import limits
from newsletter.web.context import Context


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_addresses_of_one_network_count_together(address: str, network: str) -> None:
    assert limits.network(address) == network


def test_the_gate_closes_for_one_network_and_one_purpose() -> None:
    gate = limits.Gate(2)

    passed = [gate.admits("subscribe", "a") for _ in range(3)]

    assert passed == [True, True, False]
    assert gate.admits("subscribe", "b")
    assert gate.admits("log-in", "a")


def _client_seen(context: Context, proxies: int, forwarded: str | None) -> str:
    web = context.settings.web.model_copy(update={"trusted_proxies": proxies})
    app = web_app.create(replace(context, settings=context.settings.model_copy(update={"web": web})))

    @app.get("/test/who")
    def who(request: Request) -> str:
        return limits.client(request)

    with TestClient(app, client=("192.0.2.1", 1)) as client:
        headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
        return str(client.get("/test/who", headers=headers).json())


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "198.51.100.9", "192.0.2.1"),
        (1, "198.51.100.9", "198.51.100.9"),
        (1, "10.0.0.1, 198.51.100.9", "198.51.100.9"),
        (2, "198.51.100.9, 10.0.0.1", "198.51.100.9"),
        (2, "198.51.100.9", "192.0.2.1"),
        (1, None, "192.0.2.1"),
        (1, "198.51.100.9,", "192.0.2.1"),
    ],
)
def test_only_what_trusted_proxies_wrote_is_believed(
    context: Context, proxies: int, forwarded: str | None, seen: str
) -> None:
    assert _client_seen(context, proxies, forwarded) == seen


def test_too_many_requests_of_a_minute_are_told_when_to_return(context: Context, app: FastAPI) -> None:
    @app.post("/test/knock")
    def knock(request: Request) -> str:
        limits.check(request, "knock")
        return "in"

    with TestClient(app) as client:
        for _ in range(context.settings.web.page_requests_per_minute):
            assert client.post("/test/knock").status_code == 200
        refused = client.post("/test/knock")

    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "60"
    assert "<h1>" in refused.text
