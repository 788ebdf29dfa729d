"""The public archive: what happens to it beside being served."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from newsletter.config.base import Section


class ArchiveSettings(Section):
    """Past issues: their files for another web server, their pictures, their count of views."""

    export_folder: Path | None = None
    after_release: str = ""
    command_seconds: Annotated[int, Field(ge=1)] = 300
    card_font: Path | None = None
    count_views: bool = True
