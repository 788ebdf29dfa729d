"""`newsletter relay check` on the command line."""

import json
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.config import Settings
from newsletter.delivery import inspection
from newsletter.delivery.inspection import Certificate
from tests.newsletter.cli.conftest import Run
from tests.newsletter.delivery.relays import STALL, Answer, Server, at, serving
from tests.newsletter.delivery.test_opening import CERTIFICATES

OFFERS = ("PIPELINING", "SIZE 1000000", "STARTTLS", "AUTH PLAIN", "CHUNKING")
Point = Callable[..., None]


@pytest.fixture
def point(monkeypatch: pytest.MonkeyPatch) -> Point:
    """Return a function that points the settings to a server."""

    def to(server: Server, **settings: str) -> None:
        for name, value in {"port": str(server.port), "timeout_seconds": "0.5", **settings}.items():
            monkeypatch.setenv(f"NEWSLETTER_RELAY__{name.upper()}", value)

    return to


@pytest.fixture
def tls() -> ssl.SSLContext:
    """Return the context of a server whose authority only `ca_file` knows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "server.pem", CERTIFICATES / "server.key")
    return context


def test_a_good_server_is_described_in_plain_words(run: Run, point: Point, tls: ssl.SSLContext) -> None:
    with serving(features=OFFERS, tls=tls) as server:
        point(
            server,
            security="starttls",
            username="news",
            password="s3cret",
            ca_file=str(CERTIFICATES / "authority.pem"),
            chunking="streaming",
            connections="5",
        )
        ran = run("relay", "check")

    assert ran.code == 0
    assert "TLSv1.3" in ran.out
    assert "good until 2126-" in ran.out
    assert "logged in (PLAIN)" in ran.out
    assert "several messages on the way" in ran.out
    assert "up to 20 readers uncertain" in ran.out
    assert "1,000,000 bytes at most" in ran.out
    assert "s3cret" not in ran.out
    assert [command.split(" ")[0] for command in server.commands[-2:]] == ["MAIL", "RSET"]
    assert not server.taken


def test_a_program_gets_the_same_as_json(run: Run, point: Point) -> None:
    with serving(features=OFFERS) as server:
        point(server)
        ran = run("relay", "check", "--json")

    found = json.loads(ran.out)
    assert (found["server"], found["login"], found["tls"]) == (f"127.0.0.1:{server.port}", "", "")
    assert "PIPELINING" in found["offers"]


@pytest.mark.parametrize(
    ("step", "answer", "given", "why"),
    [
        ("CONNECT", STALL, {}, "does not answer"),
        ("CONNECT", b"554 5.7.1 listed", {}, "turns us away: 554 5.7.1 listed"),
        ("MAIL", b"550 5.7.1 who?", {}, "refuses our sender address"),
        ("EHLO", None, {"security": "starttls"}, "no STARTTLS"),
        ("EHLO", None, {"security": "tls"}, "does not begin with TLS"),
        ("EHLO", None, {"username": "news", "password": "x"}, "no way to log in"),
        ("EHLO", None, {"security": "tls", "ca_file": "config.toml"}, "cannot be read"),
    ],
)
def test_a_server_that_cannot_be_used_is_one_sentence_and_exit_code_1(
    run: Run, point: Point, *, step: str, answer: Answer, given: dict[str, str], why: str
) -> None:
    with serving(at(step, answer), features=("PIPELINING",)) as server:
        point(server, **given)
        ran = run("relay", "check")

    assert ran.code == 1
    assert why in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(("days", "worth"), [(20, True), (22, False)])
def test_a_certificate_that_ends_soon_is_worth_a_word(settings: Settings, days: int, *, worth: bool) -> None:
    given = {
        "notAfter": "Dec 31 00:00:00 2026 GMT",
        "subject": ((("commonName", "mx.test"),),),
        "issuer": ((("organizationName", "authority"),),),
    }
    certificate = inspection.certified(given)

    said = inspection.missing(settings.relay, {"PIPELINING": ""}, certificate, certificate.until - timedelta(days=days))

    assert certificate == Certificate("mx.test", "authority", datetime(2026, 12, 31, tzinfo=UTC))
    assert any("ends on 2026-12-31" in sentence for sentence in said) is worth
