"""Open a connection to the mail server: TLS, greeting, features, log-in."""

import asyncio
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.config import RelaySettings
from newsletter.delivery import commands, login
from newsletter.delivery.errors import ProtocolError, RelayDownError, RelayRefusedError
from newsletter.delivery.login import Tokens
from newsletter.delivery.replies import Reply, need
from newsletter.delivery.transport import Connection

SMTPS = 465
NOT_KNOWN = range(500, 505)  # "I do not know this command"
NOT_TLS = {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"}
"""What OpenSSL says where the other side speaks something else."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection that is ready for a message, and what its server said of itself."""

    connection: Connection
    greeting: Reply
    features: Mapping[str, str]  # keyword -> its values, upper case
    mechanism: str  # how we logged in, or an empty string


async def connect(relay: RelaySettings, tokens: Tokens | None = None) -> Opened:
    """Return a connection that is ready for a message; the whole dialogue may take `timeout_seconds`.

    Raises RelayDownError where trying again later may help, RelayRefusedError where a person must change something.
    """
    where = f"{relay.host}:{relay.port}"
    try:
        async with asyncio.timeout(relay.timeout_seconds):
            return await _open(relay, tokens or Tokens(relay.oauth))
    except TimeoutError as error:
        hint = (
            ' Port 465 begins with TLS: set security = "tls".'
            if relay.port == SMTPS and relay.security != "tls"
            else ""
        )
        message = f"The mail server {where} does not answer.{hint}"
        raise RelayDownError(message) from error
    except ssl.SSLCertVerificationError as error:
        message = f"The certificate of the mail server {where} is not valid: {error.verify_message}."
        raise RelayRefusedError(message) from error
    except ssl.SSLError as error:
        raise _tls_failed(where, error, relay.security) from error
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or str(error)
        message = f"The mail server {where} cannot be reached: {reason}."
        raise RelayDownError(message) from error
    except ProtocolError as error:
        message = f"The mail server {where} does not speak SMTP as it should: {error}."
        raise RelayDownError(message) from error


def trust(relay: RelaySettings) -> ssl.SSLContext:
    """Return whom we trust: the system's authorities, and the office's own where it names some.

    Raises RelayRefusedError where their file cannot be used.
    """
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # RFC 8996
    if relay.ca_file is not None:
        try:
            context.load_verify_locations(relay.ca_file)
        except (OSError, ssl.SSLError) as error:
            message = f"The authorities in {relay.ca_file} cannot be read ({error.strerror or error}); it must be PEM."
            raise RelayRefusedError(message) from error
    return context


async def _open(relay: RelaySettings, tokens: Tokens) -> Opened:
    context = trust(relay) if relay.security != "plain" else None
    _, connection = await asyncio.get_running_loop().create_connection(
        lambda: Connection(timeout=relay.timeout_seconds, most_messages=relay.messages_per_connection),
        relay.host,
        relay.port,
    )
    try:
        if relay.security == "tls" and context is not None:
            await connection.encrypt(context, relay.host)
        greeting = await connection.ask()
        need(greeting, "turns us away")
        features = await _introduce(connection, relay)
        if relay.security == "starttls" and context is not None:
            await _encrypt(connection, features, context, relay.host)
            features = await _introduce(connection, relay)  # what was announced before TLS counts no more (RFC 3207)
        mechanism = await login.log_in(connection, features, relay, tokens) if relay.username else ""
    except BaseException:
        connection.abort("")
        raise
    return Opened(connection, greeting, features, mechanism)


async def _introduce(connection: Connection, relay: RelaySettings) -> Mapping[str, str]:
    name = commands.domain_name(relay.helo_name).encode("ascii")
    reply = await connection.ask(b"EHLO " + name)
    if reply.code in NOT_KNOWN:
        need(await connection.ask(b"HELO " + name), "turns us away")
        return {}
    need(reply, "turns us away")
    words = (line.strip().partition(" ") for line in reply.lines[1:])
    return {keyword.upper(): values.upper() for keyword, _, values in words if keyword}


async def _encrypt(connection: Connection, features: Mapping[str, str], context: ssl.SSLContext, host: str) -> None:
    if "STARTTLS" not in features:
        raise RelayRefusedError("The mail server offers no STARTTLS, and mail may not travel in the clear.")
    need(await connection.ask(b"STARTTLS"), "refuses STARTTLS")
    await connection.encrypt(context, host)


def _tls_failed(where: str, error: ssl.SSLError, security: str) -> RelayDownError | RelayRefusedError:
    if error.reason in NOT_TLS and security == "tls":
        sentence = (
            f'The mail server {where} does not begin with TLS on this port. Set security = "starttls", or the port.'
        )
        return RelayRefusedError(sentence)
    return RelayDownError(f"TLS with the mail server {where} failed: {error.reason or error}.")
