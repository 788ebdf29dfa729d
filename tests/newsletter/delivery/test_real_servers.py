"""The same against servers that others wrote: smtp-sink of Debian's postfix, and aiosmtpd with STARTTLS and AUTH."""

import asyncio
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from pydantic import SecretStr

from newsletter.config import RelaySettings, Settings
from newsletter.delivery import opening
from newsletter.delivery.errors import RelayRefusedError
from tests.benchmarks import sinks
from tests.newsletter.delivery.conftest import pointed
from tests.newsletter.delivery.feeds import READERS, parcel, send
from tests.newsletter.delivery.test_opening import CERTIFICATES

SINK = shutil.which("smtp-sink", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
needs_sink = pytest.mark.skipif(SINK is None, reason="smtp-sink of Debian's postfix is not installed")


@contextmanager
def smtp_sink(*options: str) -> Iterator[int]:
    """Run smtp-sink on a free port."""
    port = sinks.free_port()
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    command = [str(SINK), *user, *options, f"127.0.0.1:{port}", "20"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(60)


def _wait_for(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.005)


def relay(settings: Settings, port: int, **options: Any) -> RelaySettings:
    return pointed(settings, port, **{"timeout_seconds": 10, **options}).relay


@needs_sink
@pytest.mark.parametrize(
    ("options", "fates"),
    [
        ([], ["accepted"] * 3),
        (["-p", "-8", "-E"], ["accepted"] * 3),  # neither pipelining nor 8BITMIME nor enhanced codes
        (["-e"], ["accepted"] * 3),  # no ESMTP
        (["-f", "rcpt"], ["refused"] * 3),
        (["-r", "rcpt"], ["deferred"] * 3),
        (["-f", "."], ["refused"] * 3),
        (["-r", "."], ["deferred"] * 3),
        (["-f", "mail"], ["blamed", "blamed", "blamed"]),
        (["-f", "data"], ["refused"] * 3),
        (["-q", "mail"], ["returned"]),
        (["-q", "rcpt"], ["returned"]),
        (["-q", "data"], ["returned"]),
        (["-q", "."], ["unclear", "returned"]),
    ],
    ids=" ".join,
)
def test_smtp_sink(settings: Settings, options: list[str], fates: list[str]) -> None:
    with smtp_sink(*options) as port:
        desk = send(relay(settings, port))

    assert [desk.fates[reader] for reader in READERS if reader in desk.fates] == fates


class Handler:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []

    async def handle_DATA(  # noqa: N802 - the name is aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.taken.append(envelope)
        return "250 2.0.0 taken"


def _let_in(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=data == LoginPassword(b"news", b"s3cret"), handled=False)


@contextmanager
def aiosmtpd(**options: Any) -> Iterator[tuple[Handler, int]]:
    """Run aiosmtpd with STARTTLS; it lets only somebody in who has logged in inside it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "server.pem", CERTIFICATES / "server.key")
    handler, port = Handler(), sinks.free_port()
    controller = Controller(
        handler,
        hostname="127.0.0.1",
        port=port,
        require_starttls=True,
        tls_context=context,
        auth_required=True,
        authenticator=_let_in,
        enable_SMTPUTF8=True,
        **options,
    )
    controller.start()
    try:
        yield handler, port
    finally:
        controller.stop()


def secured(settings: Settings, port: int, password: str) -> RelaySettings:
    return relay(
        settings,
        port,
        security="starttls",
        username="news",
        password=SecretStr(password),
        ca_file=CERTIFICATES / "authority.pem",
    )


@pytest.mark.parametrize("excluded", [[], ["PLAIN"]], ids=["PLAIN", "LOGIN"])
def test_aiosmtpd_takes_mail_after_starttls_and_log_in(settings: Settings, excluded: list[str]) -> None:
    parcels = [parcel("葛飾@example.org", data=b"Subject: x\r\n\r\n" + b"..two\r\n" * 20_000), parcel(READERS[0])]
    with aiosmtpd(auth_exclude_mechanism=excluded) as (handler, port):
        desk = send(secured(settings, port, "s3cret"), parcels)

    assert list(desk.fates.values()) == ["accepted"] * 2
    assert [envelope.rcpt_tos for envelope in handler.taken] == [["葛飾@example.org"], [READERS[0]]]
    assert handler.taken[0].content == b"Subject: x\r\n\r\n" + b".two\r\n" * 20_000
    assert handler.taken[0].smtp_utf8
    assert not handler.taken[1].smtp_utf8


def test_aiosmtpd_refuses_a_wrong_password(settings: Settings) -> None:
    with aiosmtpd() as (_, port), pytest.raises(RelayRefusedError, match="535"):
        asyncio.run(opening.connect(secured(settings, port, "wrong")))
