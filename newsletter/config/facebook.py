"""The office's Facebook page."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints, model_validator

from newsletter.config.base import LOOPBACK, Secret


class FacebookSettings(Secret):
    """The office's Facebook page; without a page id posting is by hand."""

    page_id: str = ""
    page_name: str = ""
    graph_version: Annotated[str, StringConstraints(pattern=r"^v\d+\.\d+$")]
    graph_base: Annotated[str, StringConstraints(pattern=r"^https?://[^\s]*[^\s/]$")]
    token: SecretStr | None = None
    token_file: Path | None = None
    app_secret: SecretStr | None = None
    app_secret_file: Path | None = None
    lease_seconds: Annotated[float, Field(gt=0)]
    deadline_seconds: Annotated[float, Field(gt=0)]
    languages: tuple[str, ...]
    after_mail: bool = True
    after_mail_hours: Annotated[float, Field(gt=0)] = 12

    @property
    def connected(self) -> bool:
        """Return whether a page is named; otherwise posts are made by hand."""
        return bool(self.page_id)

    def secret_token(self) -> str:
        """Return the page access token, or an empty string."""
        return self.read(self.token, self.token_file)

    def secret_app(self) -> str:
        """Return the app secret, or an empty string."""
        return self.read(self.app_secret, self.app_secret_file)

    @model_validator(mode="after")
    def _safe(self) -> "FacebookSettings":
        if self.lease_seconds <= self.deadline_seconds:
            message = "lease_seconds must be longer than deadline_seconds"
            raise ValueError(message)
        host = self.graph_base.split("://", 1)[1].split("/", 1)[0].rsplit(":", 1)[0].strip("[]")
        if self.graph_base.startswith("http://") and host not in LOOPBACK:
            message = "graph_base must be https unless it is on this machine"
            raise ValueError(message)
        return self
