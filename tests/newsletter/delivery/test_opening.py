"""Opening a connection: TLS is verified, passwords travel only inside it, nothing said before it counts."""

import asyncio
import base64
import ssl
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from newsletter.config import RelaySettings, Settings
from newsletter.delivery import opening
from newsletter.delivery.errors import RelayDownError, RelayRefusedError
from tests.newsletter.delivery.conftest import Send, pointed
from tests.newsletter.delivery.office import Office
from tests.newsletter.delivery.relays import DROP, STALL, Server, at, serving

CERTIFICATES = Path(__file__).with_name("certificates")
"""Made for these tests with an authority whose key was thrown away; good until 2126."""

TLS = ("PIPELINING", "STARTTLS", "AUTH PLAIN LOGIN")


@pytest.fixture
def server_tls() -> ssl.SSLContext:
    """Return the context of a server that is called localhost and 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "server.pem", CERTIFICATES / "server.key")
    return context


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the machine trust the tests' own authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "authority.pem"))


def relay(settings: Settings, server: Server, **options: Any) -> RelaySettings:
    return pointed(settings, server.port, **options).relay


def connect(settings: RelaySettings) -> dict[str, str]:
    async def run() -> dict[str, str]:
        opened = await opening.connect(settings)
        opened.connection.abort("")
        await asyncio.sleep(0)
        return dict(opened.features)

    return asyncio.run(run())


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_goes_through_verified_tls(office: Office, send: Send, server_tls: ssl.SSLContext, security: str) -> None:
    with serving(features=TLS, tls=server_tls, implicit=security == "tls") as server:
        send(server.port, security=security)

    assert office.states() == ["sent"] * 3
    assert ("STARTTLS" in server.commands) == (security == "starttls")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_nobody_trusts_stops_the_issue_and_costs_nobody_anything(
    office: Office, send: Send, server_tls: ssl.SSLContext, security: str
) -> None:
    with serving(features=TLS, tls=server_tls, implicit=security == "tls") as server:
        send(server.port, seconds=3, security=security)

    assert office.states() == ["queued"] * 3
    assert "certificate" in (office.issue().paused_reason or "")
    assert not server.taken


@pytest.mark.usefixtures("trusted")
def test_a_certificate_for_another_name_is_refused(settings: Settings, server_tls: ssl.SSLContext) -> None:
    server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_tls.load_cert_chain(CERTIFICATES / "stranger.pem", CERTIFICATES / "server.key")
    with serving(tls=server_tls, implicit=True) as server, pytest.raises(RelayRefusedError, match="certificate"):
        connect(relay(settings, server, security="tls"))


def test_a_server_without_starttls_gets_no_mail_in_the_clear(settings: Settings) -> None:
    with serving() as server, pytest.raises(RelayRefusedError, match="STARTTLS"):
        connect(relay(settings, server, security="starttls"))


@pytest.mark.usefixtures("trusted")
def test_what_is_announced_before_tls_counts_no_more(settings: Settings, server_tls: ssl.SSLContext) -> None:
    def rule(step: str, verb: str, count: int) -> bytes | None:
        return b"250-relay.test\r\n250 SIZE 77" if (step, verb, count) == ("EHLO", "EHLO", 2) else None

    with serving(rule, features=("STARTTLS", "PIPELINING"), tls=server_tls) as server:
        features = connect(relay(settings, server, security="starttls"))

    assert features == {"SIZE": "77"}


@pytest.mark.usefixtures("trusted")
def test_commands_injected_before_tls_are_not_believed(settings: Settings, server_tls: ssl.SSLContext) -> None:
    injected = b"220 go ahead\r\n250-relay.test\r\n250 AUTH PLAIN"
    with (
        serving(at("STARTTLS", injected), features=TLS, tls=server_tls) as server,
        pytest.raises(RelayDownError),
    ):
        connect(relay(settings, server, security="starttls"))


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("offered", "said"),
    [
        ("AUTH PLAIN LOGIN", ["AUTH PLAIN " + base64.b64encode(b"\0news\0s3cret").decode()]),
        ("AUTH LOGIN", ["AUTH LOGIN", base64.b64encode(b"news").decode(), base64.b64encode(b"s3cret").decode()]),
    ],
)
def test_it_logs_in_as_the_server_wishes(
    settings: Settings, server_tls: ssl.SSLContext, offered: str, said: list[str]
) -> None:
    answers = iter([b"334 VXNlcm5hbWU6", b"334 UGFzc3dvcmQ6", b"235 ok"] if len(said) > 1 else [b"235 ok"])
    with serving(
        lambda step, *_: next(answers) if step == "AUTH" else None, features=(offered,), tls=server_tls, implicit=True
    ) as server:
        connect(relay(settings, server, security="tls", username="news", password=SecretStr("s3cret")))

    assert [command for command in server.commands if not command.startswith("EHLO")] == said


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("answer", "error"), [(b"535 5.7.8 wrong", RelayRefusedError), (b"454 4.7.0 later", RelayDownError)]
)
def test_a_refused_log_in_is_our_fault_and_one_put_off_is_not(
    settings: Settings, server_tls: ssl.SSLContext, answer: bytes, error: type[Exception]
) -> None:
    with (
        serving(at("AUTH", answer), features=TLS, tls=server_tls, implicit=True) as server,
        pytest.raises(error, match=answer.decode().split(" ", 1)[1]),
    ):
        connect(relay(settings, server, security="tls", username="news", password=SecretStr("s3cret")))


def test_a_log_in_that_no_server_offers_is_refused(settings: Settings) -> None:
    with serving() as server, pytest.raises(RelayRefusedError, match="no way to log in"):
        connect(relay(settings, server, username="news", password=SecretStr("s3cret")))


@pytest.mark.parametrize("step", ["CONNECT", "EHLO"])
@pytest.mark.parametrize("answer", [DROP, STALL, b"421 4.3.2 busy", b"nonsense"])
def test_a_server_that_is_not_ready_is_tried_again_later(settings: Settings, step: str, answer: object) -> None:
    with serving(at(step, answer)) as server, pytest.raises(RelayDownError):
        connect(relay(settings, server))


def test_a_server_that_turns_us_away_is_reported(settings: Settings) -> None:
    with (
        serving(at("CONNECT", b"554 5.7.1 your network is listed")) as server,
        pytest.raises(RelayRefusedError, match="your network is listed"),
    ):
        connect(relay(settings, server))


def test_features_are_read_whatever_their_case(settings: Settings) -> None:
    with serving(features=("pipelining", "Size 35882577", "auth plain")) as server:
        assert connect(relay(settings, server)) == {"PIPELINING": "", "SIZE": "35882577", "AUTH": "PLAIN"}
