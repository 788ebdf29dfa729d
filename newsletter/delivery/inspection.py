"""A look at the mail server, as a person would want to read it: who it is, what it offers, what we will use."""

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from newsletter.config import LOOPBACK, RelaySettings
from newsletter.delivery import commands, opening, ways
from newsletter.delivery.commands import Dialect
from newsletter.delivery.feed import Parcel
from newsletter.delivery.opening import Opened
from newsletter.delivery.replies import need

SOON = timedelta(days=21)
"""A certificate that ends so soon is worth a word."""
WORTHWHILE_BYTES = 20_000_000
"""A server that takes less may refuse an issue with a flyer."""

WAYS: Mapping[str, str] = {
    "streaming": "several messages on the way at once on each connection (BDAT, streaming)",
    "pipelined chunk": "one round trip a message (PIPELINING, BDAT)",
    "one chunk": "three round trips a message (BDAT)",
    "pipelined": "one round trip a message (PIPELINING)",
    "four steps": "four round trips a message",
}


@dataclass(frozen=True)
class Certificate:
    """The server's certificate, which we have verified."""

    subject: str
    issuer: str
    until: datetime


@dataclass(frozen=True)
class Inspection:
    """What was found."""

    server: str
    greeting: str
    tls: str  # protocol and cipher, or empty
    certificate: Certificate | None
    login: str  # the mechanism, or empty
    offers: tuple[str, ...]
    way: str
    missing: tuple[str, ...]  # sentences


async def inspect(relay: RelaySettings, *, sender: str, now: datetime) -> Inspection:
    """Open a connection, log in, name `sender` as one who would send, and take it back; nothing is sent.

    Raises RelayDownError or RelayRefusedError with a sentence.
    """
    opened = await opening.connect(relay)
    try:
        if sender:
            mail = Dialect.of(opened.features).mail(Parcel(None, sender, sender, b""))
            need(await opened.connection.ask(mail.removesuffix(b"\r\n")), f"refuses our sender address {sender}")
            need(await opened.connection.ask(b"RSET"), "refuses RSET")
    finally:
        opened.connection.abort("")
    return _found(relay, opened, now)


def _found(relay: RelaySettings, opened: Opened, now: datetime) -> Inspection:
    tunnel = opened.connection.tunnel
    certificate = certified(tunnel.certificate) if tunnel is not None else None
    return Inspection(
        server=f"{relay.host}:{relay.port}",
        greeting=opened.greeting.text,
        tls=f"{tunnel.version}, {tunnel.cipher}" if tunnel is not None else "",
        certificate=certificate,
        login=opened.mechanism,
        offers=tuple(f"{name} {values}".strip() for name, values in sorted(opened.features.items())),
        way=WAYS[ways.named(relay, opened.features)],
        missing=tuple(missing(relay, opened.features, certificate, now)),
    )


def certified(given: Mapping[str, Any]) -> Certificate:
    """Return what a person wants to know of a certificate as `ssl.SSLSocket.getpeercert` gives it."""

    def named(field: str) -> str:
        parts = {name: value for group in given.get(field, ()) for name, value in group}
        return str(parts.get("commonName") or parts.get("organizationName") or "unnamed")

    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(given["notAfter"])), UTC)
    return Certificate(named("subject"), named("issuer"), until)


def missing(
    relay: RelaySettings, features: Mapping[str, str], certificate: Certificate | None, now: datetime
) -> Iterator[str]:
    """Yield a sentence for each thing that the server or the settings lack."""
    yield from _not_offered(relay, features)
    if relay.host not in LOOPBACK:
        yield from _about_us(relay)
    if relay.chunking == "streaming" and "CHUNKING" in features:
        most = relay.connections * relay.streaming_depth
        yield f"Streaming is on: one broken line may leave up to {most} readers uncertain."
    if certificate is not None and certificate.until - now < SOON:
        yield f"Its certificate ends on {certificate.until:%Y-%m-%d}; whoever runs the server should renew it."


def _not_offered(relay: RelaySettings, features: Mapping[str, str]) -> Iterator[str]:
    if relay.pipelining and "PIPELINING" not in features:
        yield "It does not offer PIPELINING: a relay that is far away will be slow; more connections help."
    if relay.chunking != "off" and "CHUNKING" not in features:
        yield "It does not offer CHUNKING, so that the setting chunking has no effect."
    if relay.dsn and "DSN" not in features:
        yield "It does not offer DSN, so that no notices are asked for."
    most_bytes = Dialect.of(features).most_bytes
    if 0 < most_bytes < WORTHWHILE_BYTES:
        yield f"It takes messages of {most_bytes:,} bytes at most."


def _about_us(relay: RelaySettings) -> Iterator[str]:
    if relay.security == "plain":
        yield 'The connection is not encrypted; set security to "starttls" or "tls".'
    if not relay.username:
        yield "We do not log in: the server must know this machine by its address."
    if commands.domain_name(relay.helo_name) in {"localhost", ""}:
        yield "We call ourselves localhost (helo_name); servers elsewhere want a name that leads back to this machine."
