"""Open a connection to the mail server: TLS, greeting, features, log-in."""

import asyncio
import base64
import ssl
from collections.abc import Mapping

from newsletter.config import RelaySettings
from newsletter.delivery.errors import ProtocolError, RelayDownError, RelayRefusedError
from newsletter.delivery.replies import Reply
from newsletter.delivery.transport import Connection

GO_ON = 334
NOT_KNOWN = range(500, 505)  # "I do not know this command"


async def connect(relay: RelaySettings) -> tuple[Connection, Mapping[str, str]]:
    """Return a connection that is ready for a message, and what its server announces.

    Raises RelayDownError where trying again later may help, RelayRefusedError where a person must change something.
    """
    where = f"{relay.host}:{relay.port}"
    try:
        async with asyncio.timeout(relay.timeout_seconds):
            return await _open(relay)
    except TimeoutError as error:
        message = f"The mail server {where} does not answer."
        raise RelayDownError(message) from error
    except ssl.SSLCertVerificationError as error:
        message = f"The certificate of the mail server {where} is not valid: {error.verify_message}."
        raise RelayRefusedError(message) from error
    except OSError as error:
        message = f"The mail server {where} cannot be reached: {error.strerror or error}."
        raise RelayDownError(message) from error
    except ProtocolError as error:
        message = f"The mail server {where} does not speak SMTP as it should: {error}."
        raise RelayDownError(message) from error


async def _open(relay: RelaySettings) -> tuple[Connection, Mapping[str, str]]:
    context = ssl.create_default_context() if relay.security != "plain" else None
    at_once = context if relay.security == "tls" else None
    _, connection = await asyncio.get_running_loop().create_connection(
        lambda: Connection(timeout=relay.timeout_seconds, most_messages=relay.messages_per_connection),
        relay.host,
        relay.port,
        ssl=at_once,
        server_hostname=relay.host if at_once else None,
    )
    try:
        _need(await connection.ask(), "turns us away")
        features = await _introduce(connection, relay)
        if relay.security == "starttls" and context is not None:
            await _encrypt(connection, features, context, relay.host)
            features = await _introduce(connection, relay)  # what was announced before TLS counts no more (RFC 3207)
        if relay.username:
            await _log_in(connection, features, relay)
    except BaseException:
        connection.abort("")
        raise
    return connection, features


async def _introduce(connection: Connection, relay: RelaySettings) -> Mapping[str, str]:
    name = relay.helo_name.encode("ascii", "replace")
    reply = await connection.ask(b"EHLO " + name)
    if reply.code in NOT_KNOWN:
        _need(await connection.ask(b"HELO " + name), "turns us away")
        return {}
    _need(reply, "turns us away")
    words = (line.strip().partition(" ") for line in reply.lines[1:])
    return {keyword.upper(): values.upper() for keyword, _, values in words if keyword}


async def _encrypt(connection: Connection, features: Mapping[str, str], context: ssl.SSLContext, host: str) -> None:
    if "STARTTLS" not in features:
        raise RelayRefusedError("The mail server offers no STARTTLS, and mail may not travel in the clear.")
    _need(await connection.ask(b"STARTTLS"), "refuses STARTTLS")
    await connection.start_tls(context, host)


async def _log_in(connection: Connection, features: Mapping[str, str], relay: RelaySettings) -> None:
    offered = features.get("AUTH", "").split()
    user, password = relay.username.encode(), relay.secret().encode()
    if "PLAIN" in offered:
        reply = await connection.ask(b"AUTH PLAIN " + base64.b64encode(b"\0" + user + b"\0" + password))
    elif "LOGIN" in offered:
        reply = await connection.ask(b"AUTH LOGIN")
        for secret in (user, password):
            if reply.code == GO_ON:
                reply = await connection.ask(base64.b64encode(secret))
    else:
        raise RelayRefusedError("The mail server offers no way to log in that we know (AUTH PLAIN or LOGIN).")
    _need(reply, "refuses the user name or password")


def _need(reply: Reply, complaint: str) -> None:
    if reply.positive:
        return
    message = f"The mail server {complaint}: {reply.code} {reply.text}"
    raise (RelayDownError if reply.temporary else RelayRefusedError)(message)
