"""Mail out and in: the relay, the mailbox, and how deliveries are made."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, model_validator

from newsletter.config.base import LOOPBACK, Port, Secret, Section


class RelaySettings(Secret):
    """The SMTP server that carries the mail."""

    host: str
    port: Port
    security: Literal["plain", "starttls", "tls"]
    username: str = ""
    password: SecretStr | None = None
    password_file: Path | None = None
    helo_name: str
    connections: Annotated[int, Field(ge=1, le=200)]
    pipelining: bool = True
    messages_per_connection: Annotated[int, Field(ge=1)]
    timeout_seconds: Annotated[float, Field(gt=0)]
    messages_per_second: Annotated[float, Field(ge=0)]

    def secret(self) -> str:
        """Return the password, or an empty string."""
        return self.read(self.password, self.password_file)

    @model_validator(mode="after")
    def _plain_stays_here(self) -> "RelaySettings":
        if self.security == "plain" and self.username and self.host not in LOOPBACK:
            message = "a password would travel in the clear; set security to starttls or tls"
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
    pause_failures: Annotated[int, Field(ge=1)]
    pause_share_percent: Annotated[float, Field(gt=0, le=100)]

    @property
    def retry_after(self) -> tuple[timedelta, ...]:
        """Return the waits before the second, third, ... attempt."""
        return tuple(timedelta(minutes=minutes) for minutes in self.retry_minutes)
