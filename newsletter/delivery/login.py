"""Log in to the mail server: with a password (PLAIN, LOGIN) or with an access token (XOAUTH2)."""

import asyncio
import base64
import json
from collections.abc import Mapping

from newsletter import oauth
from newsletter.config import RelaySettings
from newsletter.config.oauth import OAuthSettings
from newsletter.delivery.errors import RelayDownError, RelayRefusedError
from newsletter.delivery.replies import Reply, need
from newsletter.delivery.transport import Connection
from newsletter.oauth import Token, TokenDownError, TokenRefusedError

GO_ON = 334


class Tokens:
    """The access token of the account: fetched once for all connections, renewed before it ends."""

    def __init__(self, settings: OAuthSettings) -> None:
        """Fetch nothing yet."""
        self._settings = settings
        self._token: Token | None = None
        self._lock = asyncio.Lock()

    async def current(self) -> Token:
        """Return a token that is good for some minutes.

        Raises RelayDownError where the provider cannot be reached, RelayRefusedError where it gives none.
        """
        async with self._lock:
            if self._token is None or self._token.stale:
                try:
                    self._token = await asyncio.to_thread(oauth.fetch, self._settings)
                except TokenDownError as error:
                    raise RelayDownError(str(error)) from error
                except TokenRefusedError as error:
                    raise RelayRefusedError(str(error)) from error
            return self._token

    def forget(self, token: Token) -> None:
        """Use this token no more: the mail server has refused it."""
        if self._token is token:
            self._token = None


async def log_in(connection: Connection, features: Mapping[str, str], relay: RelaySettings, tokens: Tokens) -> str:
    """Log in as the server offers and the settings say; return the mechanism.

    Raises RelayRefusedError where a person must change something, RelayDownError where later may do.
    """
    offered = features.get("AUTH", "").split()
    mechanism = chosen(offered, relay)
    if not mechanism:
        kinds = "XOAUTH2" if relay.oauth.wanted else "AUTH PLAIN or LOGIN"
        message = (
            f"The mail server offers no way to log in that we know ({kinds}); it offers {' '.join(offered) or 'none'}."
        )
        raise RelayRefusedError(message)
    if mechanism == "XOAUTH2":
        await _with_token(connection, relay.username, tokens)
    elif mechanism == "PLAIN":
        need(await connection.ask(plain(relay.username, relay.secret())), "refuses the user name or password")
    else:
        need(await _step_by_step(connection, relay), "refuses the user name or password")
    return mechanism


def chosen(offered: list[str], relay: RelaySettings) -> str:
    """Return the best mechanism that both sides know, or an empty string."""
    known = ("XOAUTH2",) if relay.oauth.wanted else ("PLAIN", "LOGIN")
    return next((mechanism for mechanism in known if mechanism in offered), "")


def plain(user: str, password: str) -> bytes:
    """Return AUTH PLAIN with its initial response (RFC 4616, RFC 4954 4)."""
    return b"AUTH PLAIN " + base64.b64encode(b"\0" + user.encode() + b"\0" + password.encode())


def bearer(user: str, token: str) -> bytes:
    """Return AUTH XOAUTH2 with its initial response, as Google and Microsoft describe it."""
    return b"AUTH XOAUTH2 " + base64.b64encode(f"user={user}\x01auth=Bearer {token}\x01\x01".encode())


async def _step_by_step(connection: Connection, relay: RelaySettings) -> Reply:
    reply = await connection.ask(b"AUTH LOGIN")
    for secret in (relay.username, relay.secret()):
        if reply.code != GO_ON:
            break
        reply = await connection.ask(base64.b64encode(secret.encode()))
    return reply


async def _with_token(connection: Connection, user: str, tokens: Tokens) -> None:
    token = await tokens.current()
    reply = await connection.ask(bearer(user, token.secret))
    detail = ""
    if reply.code == GO_ON:
        # An error in disguise: the challenge says why, and an empty answer brings out the refusal.
        detail = _challenge(reply)
        reply = await connection.ask(b"")
    if reply.positive:
        return
    tokens.forget(token)
    if not token.fresh and not reply.temporary:
        message = f"The mail server refuses a token that we have used before; a new one is fetched: {reply.code}"
        raise RelayDownError(message)
    need(reply, f"refuses our access token{detail}. Look at the account's rights, and whether it may use SMTP AUTH")


def _challenge(reply: Reply) -> str:
    """Return what the server says of a refused token ("status 401"), or an empty string."""
    try:
        said = json.loads(base64.b64decode(reply.text, validate=True))
    except ValueError:
        return ""
    status = said.get("status") if isinstance(said, dict) else None
    return f" (status {str(status)[:20]})" if isinstance(status, (str, int)) else ""
