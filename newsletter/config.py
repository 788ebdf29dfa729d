"""Settings: `config.toml` and the environment read into one frozen tree."""

import difflib
import os
import tomllib
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource
from pydantic_settings import SettingsError as UnreadableSourceError

from newsletter.errors import SettingsError

Port = Annotated[int, Field(ge=0, le=65535)]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Line = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$")]
Words = dict[Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")], Line]
"""The same thing said in each language: {"en": ..., "ja": ...}."""

MAX_BITS = 62  # topics and countries are bits of a signed 64-bit column
LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Hosts to which plain text may be spoken."""


class Section(BaseModel):
    """A frozen part of the tree that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Office(Section):
    """Who publishes."""

    name: Words
    full_name: Words
    postal_address: str
    telephone: str = ""
    address: EmailStr
    data_contact: EmailStr
    country: CountryCode
    time_zone: str

    @cached_property
    def zone(self) -> ZoneInfo:
        """Return the office's time zone."""
        return ZoneInfo(self.time_zone)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            message = f"there is no time zone named {value!r}; write it like Asia/Singapore"
            raise ValueError(message) from error
        return value


class TopicSettings(Section):
    """One thing a subscriber may choose."""

    key: Key
    title: Words
    colour: Literal["fairs", "food", "industry", "notice"] = "notice"


class PublicationSettings(Section):
    """The newsletter itself."""

    key: Key
    title: Words
    tagline: Words
    languages: Annotated[tuple[str, ...], Field(min_length=1)]
    from_address: EmailStr
    list_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")]
    bounce_address: EmailStr
    countries: Annotated[tuple[CountryCode, ...], Field(max_length=MAX_BITS)]
    topics: Annotated[tuple[TopicSettings, ...], Field(max_length=MAX_BITS)]

    def topic(self, key: str) -> TopicSettings:
        """Return the topic of that key; raise KeyError."""
        return {topic.key: topic for topic in self.topics}[key]

    @model_validator(mode="after")
    def _every_language_is_spoken(self) -> "PublicationSettings":
        keys = [topic.key for topic in self.topics]
        if len(set(keys)) != len(keys):
            message = "two topics have the same key"
            raise ValueError(message)
        for language in self.languages:
            for words in (self.title, self.tagline, *(topic.title for topic in self.topics)):
                if language not in words:
                    message = f"a title or tagline of the publication has no words in {language!r}"
                    raise ValueError(message)
        return self


class WebSettings(Section):
    """The public and the editors' pages."""

    host: str
    port: Port
    base_url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+[^\s]*[^\s/]$")]
    trusted_proxies: Annotated[int, Field(ge=0)] = 0
    page_requests_per_minute: Annotated[int, Field(ge=1)] = 60


class Secret(Section):
    """A section whose secrets may be given by files next to `config.toml`."""

    @staticmethod
    def read(value: SecretStr | None, file: Path | None) -> str:
        """Return the secret given directly or by file, or an empty string; raise SettingsError."""
        if value is not None:
            return value.get_secret_value()
        if file is None:
            return ""
        try:
            return file.read_text(encoding="utf-8").strip()
        except OSError as error:
            message = (
                f"The secret file {file} cannot be read: {error.strerror}. Make it readable or correct the setting."
            )
            raise SettingsError(message) from error
        except UnicodeDecodeError as error:
            message = f"The secret file {file} is not text (UTF-8). Name the file that holds the secret alone."
            raise SettingsError(message) from error


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


class ScheduleSettings(Section):
    """The clock."""

    tick_seconds: Annotated[float, Field(gt=0)]
    late_hours: Annotated[float, Field(gt=0)]


class ApprovalSettings(Section):
    """Who must agree."""

    required: bool
    confirm_hours: Annotated[float, Field(gt=0)]


class Palette(Section):
    """Colours of one scheme."""

    paper: Colour
    wash: Colour
    line: Colour
    ink: Colour
    soft: Colour
    fairs: Colour
    food: Colour
    industry: Colour
    notice: Colour


class Look(Section):
    """The office's colours."""

    light: Palette
    dark: Palette


class LogSettings(Section):
    """Logs."""

    format: Literal["text", "json"]
    level: Literal["debug", "info", "warning", "error"]


class Settings(BaseSettings):
    """The whole tree; read it with `load`."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix="NEWSLETTER_", env_nested_delimiter="__", validate_default=True
    )

    data_folder: Path
    database_url: str | None = None
    office: Office
    publication: PublicationSettings
    web: WebSettings
    relay: RelaySettings
    mailbox: MailboxSettings
    facebook: FacebookSettings
    delivery: DeliverySettings
    schedule: ScheduleSettings
    approval: ApprovalSettings
    look: Look
    log: LogSettings

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str | None) -> str | None:
        if value and not value.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:")):
            message = "only sqlite: and postgresql: addresses are understood"
            raise ValueError(message)
        return value

    @property
    def database(self) -> str:
        """Return the SQLAlchemy URL of the database."""
        return self.database_url or f"sqlite:///{self.data_folder / 'newsletter.sqlite'}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let arguments win over the environment and the environment over the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load(path: Path, **overrides: Any) -> Settings:
    """Return the settings of `path`; keyword arguments win over environment and file.

    Paths in the tree come back absolute, relative ones taken from the folder of `path`.
    Raises SettingsError with one sentence a mistake, naming the nearest known key.
    """
    if not path.is_file():
        message = f"There is no settings file {path}. Name one with --config, or set NEWSLETTER_CONFIG."
        raise SettingsError(message)

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=path)

    try:
        settings = FromFile(**overrides)
    except tomllib.TOMLDecodeError as error:
        message = f"{path} is not valid TOML: {error}."
        raise SettingsError(message) from error
    except UnicodeDecodeError as error:
        message = f"{path} is not saved as UTF-8. Save it again with that encoding."
        raise SettingsError(message) from error
    except UnreadableSourceError as error:
        message = f"A variable NEWSLETTER_... of the environment cannot be used: {error}."
        raise SettingsError(message) from error
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(path, dict(problem)) for problem in error.errors())) from error
    _refuse_unknown_environment()
    return Settings.model_construct(**dict(_absolute(settings, path.parent.resolve())))


def _absolute(section: BaseModel, base: Path) -> BaseModel:
    changes: dict[str, Any] = {}
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Path):
            changes[name] = base / value.expanduser()
        elif isinstance(value, BaseModel):
            changes[name] = _absolute(value, base)
    return section.model_copy(update=changes)


def _sentence(path: Path, problem: dict[str, Any]) -> str:
    place = [str(part) for part in problem["loc"]]
    name = ".".join(place) or "the file"
    if problem["type"] == "extra_forbidden":
        known = _known_keys(place[:-1])
        near = difflib.get_close_matches(place[-1], known, n=1)
        hint = f" Did you mean {near[0]}?" if near else f" Known here: {', '.join(known)}."
        return f"{path}: there is no setting {name}.{hint}"
    if problem["type"] == "missing":
        return f"{path}: the setting {name} is missing."
    reason = str(problem["msg"]).removeprefix("Value error, ")
    return f"{path}: {name}: {reason[:1].lower()}{reason[1:]}."


def _known_keys(place: list[str]) -> list[str]:
    model: Any = Settings
    for part in place:
        if part.isdigit():
            continue
        annotation = model.model_fields[part].annotation
        arguments = getattr(annotation, "__args__", ())
        model = next((kind for kind in (annotation, *arguments) if hasattr(kind, "model_fields")), None)
        if model is None:
            return []
    return sorted(model.model_fields)


def _refuse_unknown_environment() -> None:
    known = {f"NEWSLETTER_{name.upper()}" for name in Settings.model_fields} | {"NEWSLETTER_CONFIG"}
    for name in os.environ:
        top = name.upper().split("__")[0]
        if top.startswith("NEWSLETTER_") and not top.startswith("NEWSLETTER_TEST_") and top not in known:
            near = difflib.get_close_matches(top, sorted(known), n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            message = f"The environment variable {name} names no setting.{hint}"
            raise SettingsError(message)
