"""The journal outside the database."""

from pathlib import Path

from newsletter.config.base import Section


class JournalSettings(Section):
    """Where the journal lies."""

    folder: Path | None = None
