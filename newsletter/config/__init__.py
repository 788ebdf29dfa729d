"""Settings: `config.toml` and the environment read into one frozen tree."""

from newsletter.config.approval import ApprovalSettings, SeatSettings
from newsletter.config.archive import ArchiveSettings
from newsletter.config.base import LOOPBACK, MAX_BITS
from newsletter.config.checks import ChecksSettings
from newsletter.config.closed import ClosedSettings
from newsletter.config.dkim import DkimSettings
from newsletter.config.facebook import FacebookSettings
from newsletter.config.journal import JournalSettings
from newsletter.config.links import LinksSettings
from newsletter.config.look import Look, Palette
from newsletter.config.mail import DeliverySettings, MailboxSettings, RelaySettings
from newsletter.config.newsroom import ScheduleSettings
from newsletter.config.office import Office, PublicationSettings, TopicSettings
from newsletter.config.pace import GroupSettings, PaceSettings, WarmupSettings
from newsletter.config.pages import WebSettings
from newsletter.config.reading import load
from newsletter.config.stories import StoriesSettings
from newsletter.config.tree import LogSettings, Settings

__all__ = [
    "LOOPBACK",
    "MAX_BITS",
    "ApprovalSettings",
    "ArchiveSettings",
    "ChecksSettings",
    "ClosedSettings",
    "DeliverySettings",
    "DkimSettings",
    "FacebookSettings",
    "GroupSettings",
    "JournalSettings",
    "LinksSettings",
    "LogSettings",
    "Look",
    "MailboxSettings",
    "Office",
    "PaceSettings",
    "Palette",
    "PublicationSettings",
    "RelaySettings",
    "ScheduleSettings",
    "SeatSettings",
    "Settings",
    "StoriesSettings",
    "TopicSettings",
    "WarmupSettings",
    "WebSettings",
    "load",
]
