"""Mail out and in: the relay, the mailbox, and how deliveries are made."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, model_validator

from newsletter.config.base import LOOPBACK, Port, Secret, Section
from newsletter.config.oauth import OAuthSettings
from newsletter.config.pace import PaceSettings


class RelaySettings(PaceSettings, Secret):
    """The SMTP server that carries the mail."""

    host: str
    port: Port
    security: Literal["plain", "starttls", "tls"]
    username: str = ""
    password: SecretStr | None = None
    password_file: Path | None = None
    oauth: OAuthSettings = OAuthSettings()
    ca_file: Path | None = None
    helo_name: str
    pipelining: bool = True
    chunking: Literal["off", "on", "streaming"] = "off"
    streaming_depth: Annotated[int, Field(ge=2, le=32)] = 4
    dsn: bool = False
    tagged_sender: bool = True
    messages_per_connection: Annotated[int, Field(ge=1)]
    timeout_seconds: Annotated[float, Field(gt=0)]

    def secret(self) -> str:
        """Return the password, or an empty string."""
        return self.read(self.password, self.password_file)

    @model_validator(mode="after")
    def _plain_stays_here(self) -> "RelaySettings":
        if self.security == "plain" and self.username and self.host not in LOOPBACK:
            message = "a password would travel in the clear; set security to starttls or tls"
            raise ValueError(message)
        if self.oauth.wanted and not self.username:
            message = "a token needs the name of its account; set username"
            raise ValueError(message)
        if self.oauth.wanted and (self.password or self.password_file):
            message = "give a password or [relay.oauth], not both"
            raise ValueError(message)
        return self


class MailboxSettings(Secret):
    """Where readers' letters arrive."""

    enabled: bool
    host: str
    port: Port
    security: Literal["plain", "tls"]
    username: str
    password: SecretStr | None = None
    password_file: Path | None = None
    folder: str
    handled_folder: str
    quarantine_folder: str
    poll_seconds: Annotated[float, Field(gt=0)]
    authserv_id: str = ""

    def secret(self) -> str:
        """Return the password, or an empty string."""
        return self.read(self.password, self.password_file)

    @model_validator(mode="after")
    def _plain_stays_here(self) -> "MailboxSettings":
        if self.security == "plain" and self.enabled and self.host not in LOOPBACK:
            message = "plain text is allowed only to this machine; set security to tls"
            raise ValueError(message)
        return self


class DeliverySettings(Section):
    """How deliveries are claimed, marked, retried and paused."""

    batch_size: Annotated[int, Field(ge=1, le=10_000)]
    lease_seconds: Annotated[float, Field(gt=0)]
    mark_sync: Literal["NORMAL", "FULL"]
    retry_minutes: tuple[Annotated[float, Field(gt=0)], ...]
    take_back_minutes: Annotated[float, Field(ge=0)] = 5
    pause_failures: Annotated[int, Field(ge=1)]
    pause_share_percent: Annotated[float, Field(gt=0, le=100)]
    pause_window: Annotated[int, Field(ge=10)] = 200
    pause_ours_percent: Annotated[float, Field(gt=0, le=100)] = 2
    pause_ours: Annotated[int, Field(ge=1)] = 10

    @property
    def retry_after(self) -> tuple[timedelta, ...]:
        """Return the waits before the second, third, ... attempt."""
        return tuple(timedelta(minutes=minutes) for minutes in self.retry_minutes)

    @property
    def take_back(self) -> timedelta:
        """Return how long whatever is to go out at once can still be taken back."""
        return timedelta(minutes=self.take_back_minutes)
