"""The whole tree of settings."""

from pathlib import Path
from typing import Literal

from pydantic import field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from newsletter.config.approval import ApprovalSettings
from newsletter.config.archive import ArchiveSettings
from newsletter.config.base import Section
from newsletter.config.checks import ChecksSettings
from newsletter.config.closed import ClosedSettings
from newsletter.config.dkim import DkimSettings
from newsletter.config.facebook import FacebookSettings
from newsletter.config.journal import JournalSettings
from newsletter.config.links import LinksSettings
from newsletter.config.look import Look
from newsletter.config.mail import DeliverySettings, MailboxSettings, RelaySettings
from newsletter.config.newsroom import ScheduleSettings
from newsletter.config.office import Office, PublicationSettings
from newsletter.config.pages import WebSettings
from newsletter.config.stories import StoriesSettings


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
    dkim: DkimSettings = DkimSettings()
    schedule: ScheduleSettings
    approval: ApprovalSettings
    checks: ChecksSettings = ChecksSettings()
    closed: ClosedSettings = ClosedSettings()
    archive: ArchiveSettings = ArchiveSettings()
    journal: JournalSettings = JournalSettings()
    links: LinksSettings = LinksSettings()
    stories: StoriesSettings = StoriesSettings()
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

    @property
    def journal_folder(self) -> Path:
        """Return where the journal lies: beside the database, unless another disk is named."""
        return self.journal.folder or self.data_folder / "journal"

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
