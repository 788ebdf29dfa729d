"""Tokens in place of a password: fetched, renewed, kept, and refused with a sentence that helps."""

import asyncio
import base64
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from newsletter import oauth
from newsletter.config import RelaySettings, Settings
from newsletter.config.oauth import OAuthSettings
from newsletter.delivery import login, opening
from newsletter.delivery.errors import RelayDownError, RelayRefusedError
from newsletter.delivery.login import Tokens
from newsletter.oauth import Token, TokenDownError, TokenRefusedError
from tests.newsletter.delivery.conftest import pointed
from tests.newsletter.delivery.relays import at, serving
from tests.newsletter.delivery.test_opening import CERTIFICATES

Answer = tuple[int, object]
BEARER = base64.b64encode(b"user=news@example.org\x01auth=Bearer t1\x01\x01").decode()
CHALLENGE = b"334 " + base64.b64encode(b'{"status":"401","schemes":"bearer"}')


@contextmanager
def provider(answer: Callable[[dict[str, str]], Answer]) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Run a token endpoint; give its address and the forms that it was sent."""
    forms: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            forms.append({name: values[0] for name, values in parse_qs(body).items()})
            status, said = answer(forms[-1])
            raw = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/token", forms
        finally:
            server.shutdown()
            thread.join()


def asking(url: str, folder: Path, *, refresh: bool = False) -> OAuthSettings:
    (folder / "secret").write_text("s3cret\n", encoding="utf-8")
    (folder / "refresh").write_text("r1\n", encoding="utf-8")
    return OAuthSettings(
        token_url=url,
        client_id="office",
        client_secret_file=folder / "secret",
        refresh_token_file=folder / "refresh" if refresh else None,
        scope="mail",
    )


def with_file(folder: Path, content: str = "t1") -> OAuthSettings:
    (folder / "token").write_text(f"{content}\n", encoding="utf-8")
    return OAuthSettings(access_token_file=folder / "token")


def relay(settings: Settings, port: int, tokens: OAuthSettings) -> RelaySettings:
    return pointed(
        settings,
        port,
        security="tls",
        username="news@example.org",
        oauth=tokens,
        ca_file=CERTIFICATES / "authority.pem",
        timeout_seconds=10,
    ).relay


@pytest.fixture
def tls() -> ssl.SSLContext:
    """Return the context of a server whose authority only `ca_file` knows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "server.pem", CERTIFICATES / "server.key")
    return context


def connect(settings: RelaySettings, tokens: Callable[[], Tokens] | None = None) -> str:
    async def run() -> str:
        opened = await opening.connect(settings, tokens() if tokens else None)
        opened.connection.abort("")
        await asyncio.sleep(0)
        return opened.mechanism

    return asyncio.run(run())


def test_a_token_logs_in(settings: Settings, tls: ssl.SSLContext, tmp_path: Path) -> None:
    with serving(features=("AUTH PLAIN XOAUTH2",), tls=tls, implicit=True) as server:
        assert connect(relay(settings, server.port, with_file(tmp_path))) == "XOAUTH2"

    assert server.commands == ["EHLO localhost", f"AUTH XOAUTH2 {BEARER}"]


def test_a_password_is_not_tried_where_tokens_are_wished(
    settings: Settings, tls: ssl.SSLContext, tmp_path: Path
) -> None:
    with (
        serving(features=("AUTH PLAIN LOGIN",), tls=tls, implicit=True) as server,
        pytest.raises(RelayRefusedError, match="XOAUTH2"),
    ):
        connect(relay(settings, server.port, with_file(tmp_path)))


@pytest.mark.parametrize(
    ("challenge", "why"),
    [(CHALLENGE, r"access token \(status 401\)"), (b"334 ", "access token"), (b"334 !not base64", "access token")],
)
def test_the_challenge_of_a_refused_token_is_answered_with_an_empty_line(
    settings: Settings, tls: ssl.SSLContext, tmp_path: Path, challenge: bytes, why: str
) -> None:
    said = iter([challenge, b"535 5.7.3 Authentication unsuccessful"])
    with (
        serving(
            lambda step, *_: next(said) if step == "AUTH" else None,
            features=("AUTH XOAUTH2",),
            tls=tls,
            implicit=True,
        ) as server,
        pytest.raises(RelayRefusedError, match=why) as raised,
    ):
        connect(relay(settings, server.port, with_file(tmp_path)))

    assert server.commands[-1] == ""
    assert "Bearer" not in str(raised.value)


def test_a_server_that_challenges_for_ever_is_given_up(settings: Settings, tls: ssl.SSLContext, tmp_path: Path) -> None:
    with (
        serving(at("AUTH", CHALLENGE), features=("AUTH XOAUTH2",), tls=tls, implicit=True) as server,
        pytest.raises(RelayRefusedError, match="334"),
    ):
        connect(relay(settings, server.port, with_file(tmp_path)))


def test_an_older_token_that_is_refused_is_fetched_anew_before_anybody_is_alarmed(
    settings: Settings, tls: ssl.SSLContext, tmp_path: Path
) -> None:
    relayed = with_file(tmp_path, "t2")
    old = Token("t1", time.monotonic() - 1000, time.monotonic() + 1000)

    async def run(port: int) -> str:
        tokens = Tokens(relayed)
        tokens._token = old
        with pytest.raises(RelayDownError, match="used before"):
            await opening.connect(relay(settings, port, relayed), tokens)
        opened = await opening.connect(relay(settings, port, relayed), tokens)
        opened.connection.abort("")
        await asyncio.sleep(0)
        return (await tokens.current()).secret

    refused = at("AUTH", b"535 5.7.3 expired", to=BEARER)
    with serving(refused, features=("AUTH XOAUTH2",), tls=tls, implicit=True) as server:
        assert asyncio.run(run(server.port)) == "t2"


@pytest.mark.parametrize("refresh", [False, True])
def test_a_token_is_asked_for_once_for_all_connections_and_a_new_refresh_token_is_kept(
    tmp_path: Path, *, refresh: bool
) -> None:
    answer = {"access_token": "t1", "expires_in": "3599", "refresh_token": "r2", "token_type": "Bearer"}

    async def run(settings: OAuthSettings) -> set[str]:
        tokens = Tokens(settings)
        return {token.secret for token in await asyncio.gather(*(tokens.current() for _ in range(20)))}

    with provider(lambda _form: (200, answer)) as (url, forms):
        assert asyncio.run(run(asking(url, tmp_path, refresh=refresh))) == {"t1"}

    grant = {"grant_type": "refresh_token", "refresh_token": "r1"} if refresh else {"grant_type": "client_credentials"}
    assert forms == [{"client_id": "office", "client_secret": "s3cret", "scope": "mail", **grant}]
    assert (tmp_path / "refresh").read_text(encoding="utf-8").strip() == ("r2" if refresh else "r1")
    assert not refresh or (tmp_path / "refresh").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("status", "said", "error", "why"),
    [
        (
            400,
            {"error": "invalid_grant", "error_description": "AADSTS7000222: secret expired"},
            TokenRefusedError,
            "7000222",
        ),
        (401, b"<html>", TokenRefusedError, "status 401"),
        (200, {"access_token": ""}, TokenRefusedError, "no access token"),
        (200, {"access_token": "t\r\nRSET"}, TokenRefusedError, "no access token"),
        (200, [1], TokenRefusedError, "status 200"),
        (302, b"", TokenRefusedError, "status 302"),
        (503, b"later", TokenDownError, "status 503"),
        (429, {"error": "slow_down"}, TokenDownError, "status 429"),
    ],
)
def test_a_provider_that_gives_no_token_is_our_fault_or_a_matter_of_time(
    tmp_path: Path, status: int, said: object, error: type[Exception], why: str
) -> None:
    with provider(lambda _form: (status, said)) as (url, _), pytest.raises(error, match=why) as raised:
        oauth.fetch(asking(url, tmp_path))

    assert "s3cret" not in str(raised.value)


def test_a_provider_that_cannot_be_reached_is_a_matter_of_time(tmp_path: Path) -> None:
    with pytest.raises(TokenDownError, match="cannot be asked"):
        oauth.fetch(asking("http://127.0.0.1:9/token", tmp_path))


@pytest.mark.parametrize(
    ("lasts", "age", "stale"), [(3600, 3200, False), (3600, 3400, True), (400, 150, False), (400, 250, True)]
)
def test_a_token_is_renewed_before_it_ends(lasts: float, age: float, *, stale: bool) -> None:
    born = time.monotonic() - age

    assert Token("t", born, born + lasts).stale is stale


@pytest.mark.parametrize(
    "given",
    [
        {"token_url": "http://login.example.org/token", "client_id": "x", "client_secret_file": "s"},
        {"token_url": "https://login.example.org/token"},
        {"token_url": "https://x.test/t", "client_id": "x", "client_secret_file": "s", "access_token_file": "t"},
    ],
)
def test_half_a_setting_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="token_url"):
        OAuthSettings(**given)


def test_the_token_is_not_printed() -> None:
    assert "t0ps3cret" not in repr(Token("t0ps3cret", 0, 1))
    assert login.bearer("a@example.org", "t").startswith(b"AUTH XOAUTH2 ")
