"""How we log in to a mail provider that takes no passwords (XOAUTH2: Microsoft 365, Google Workspace)."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from newsletter.config.base import LOOPBACK, Line, Secret


class OAuthSettings(Secret):
    """Where access tokens come from: a file that something else keeps fresh, or the provider's token endpoint."""

    access_token_file: Path | None = None
    token_url: Annotated[str, StringConstraints(pattern=r"^$|^https?://[^\s]+$")] = ""
    client_id: Line = ""
    client_secret_file: Path | None = None
    refresh_token_file: Path | None = None
    scope: Line = ""
    timeout_seconds: Annotated[float, Field(gt=0)] = 20

    @property
    def wanted(self) -> bool:
        """Return whether we log in with tokens."""
        return bool(self.token_url or self.access_token_file)

    def secret_token(self) -> str:
        """Return the access token of `access_token_file`, or an empty string."""
        return self.read(None, self.access_token_file)

    def client_secret(self) -> str:
        """Return the program's secret, or an empty string."""
        return self.read(None, self.client_secret_file)

    def refresh_token(self) -> str:
        """Return the account's refresh token, or an empty string."""
        return self.read(None, self.refresh_token_file)

    @model_validator(mode="after")
    def _whole(self) -> "OAuthSettings":
        if self.token_url and self.access_token_file:
            message = "give access_token_file or token_url, not both"
            raise ValueError(message)
        if self.token_url and not (self.client_id and (self.client_secret_file or self.refresh_token_file)):
            message = "token_url needs client_id, and client_secret_file or refresh_token_file or both"
            raise ValueError(message)
        host = self.token_url.partition("://")[2].split("/", 1)[0].rsplit(":", 1)[0].strip("[]")
        if self.token_url.startswith("http://") and host not in LOOPBACK:
            message = "token_url must be https unless it is on this machine"
            raise ValueError(message)
        return self
