"""Access tokens for the mail account, from a file or from the provider's token endpoint (RFC 6749 4.4, 6)."""

import os
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
import structlog

from newsletter.config.oauth import OAuthSettings
from newsletter.errors import NewsletterError

log = structlog.get_logger()

MARGIN_SECONDS = 300.0
"""A token is renewed so long before it ends."""
FRESH_SECONDS = 60.0
"""A token younger than this that is refused was never good."""
FILE_SECONDS = 60.0
"""How long the token of a file is used before the file is read again."""
DEFAULT_SECONDS = 3600.0
"""How long a token lasts whose answer does not say (RFC 6749 5.1 leaves that open)."""
MOST_BYTES = 100_000
SERVER_ERROR = 500
TOO_MANY = 429


class TokenError(NewsletterError):
    """No access token can be had."""


class TokenDownError(TokenError):
    """The provider cannot be asked now."""


class TokenRefusedError(TokenError):
    """The provider refuses until a person changes something."""


@dataclass(frozen=True)
class Token:
    """An access token; its times are of the monotonic clock."""

    secret: str = field(repr=False)
    born: float
    ends: float

    @property
    def stale(self) -> bool:
        """Return whether it should be renewed before it is used again."""
        return time.monotonic() >= self.ends - min(MARGIN_SECONDS, (self.ends - self.born) / 2)

    @property
    def fresh(self) -> bool:
        """Return whether it is so new that a refusal is not for its age."""
        return time.monotonic() < self.born + FRESH_SECONDS


def fetch(settings: OAuthSettings) -> Token:
    """Return a new token; it blocks for up to `timeout_seconds`.

    Raises TokenDownError where trying again later may help, TokenRefusedError where a person must change something.
    """
    now = time.monotonic()
    if settings.access_token_file is not None:
        secret = _sound(settings.secret_token(), f"The file {settings.access_token_file} holds no access token.")
        return Token(secret, now, now + FILE_SECONDS)
    answer = _ask(settings)
    secret = _sound(answer.get("access_token"), "The mail provider's answer holds no access token.")
    renewed = answer.get("refresh_token")
    if isinstance(renewed, str) and settings.refresh_token_file is not None and renewed != settings.refresh_token():
        _keep(settings.refresh_token_file, renewed)
    return Token(secret, now, now + _seconds(answer.get("expires_in")))


def _ask(settings: OAuthSettings) -> dict[str, Any]:
    form = {"client_id": settings.client_id}
    if secret := settings.client_secret():
        form["client_secret"] = secret
    if settings.refresh_token_file is not None:
        form |= {"grant_type": "refresh_token", "refresh_token": settings.refresh_token()}
    else:
        form["grant_type"] = "client_credentials"
    if settings.scope:
        form["scope"] = settings.scope
    try:
        with requests.Session() as session:
            session.trust_env = False  # a .netrc would replace what we send
            response = session.post(
                settings.token_url, data=form, timeout=settings.timeout_seconds, allow_redirects=False
            )
    except requests.RequestException as error:
        message = f"The mail provider cannot be asked for an access token ({type(error).__name__})."
        raise TokenDownError(message) from error
    return _read(response)


def _read(response: requests.Response) -> dict[str, Any]:
    try:
        answer = response.json() if len(response.content) <= MOST_BYTES else None
    except ValueError:
        answer = None
    if response.ok and isinstance(answer, dict) and "error" not in answer:
        return answer
    if response.status_code >= SERVER_ERROR or response.status_code == TOO_MANY:
        message = f"The mail provider gives no access token now (status {response.status_code})."
        raise TokenDownError(message)
    said = answer if isinstance(answer, dict) else {}
    why = " ".join(str(said.get(name, "")) for name in ("error", "error_description")).split()
    message = (
        f"The mail provider refuses an access token: {' '.join(why)[:200] or f'status {response.status_code}'}."
        " Look at client_id, the secret and its end, and the rights of the account; then resume."
    )
    raise TokenRefusedError(message)


def _sound(secret: object, complaint: str) -> str:
    if not isinstance(secret, str) or not secret or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise TokenRefusedError(complaint)
    return secret


def _seconds(said: object) -> float:
    try:
        seconds = float(str(said))
    except ValueError:
        return DEFAULT_SECONDS
    return seconds if 0 < seconds < 10 * 365 * 86400 else DEFAULT_SECONDS  # also without "nan"


def _keep(file: Path, secret: str) -> None:
    """Write a renewed refresh token in place of the last one; the old one mostly stays good, so failing is no error."""
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")  # readable by us alone
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as target:
                target.write(f"{secret}\n")
                target.flush()
                os.fsync(target.fileno())
            Path(name).replace(file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        log.warning("renewed refresh token not kept", why=error.strerror)
