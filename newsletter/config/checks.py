"""What is looked at before an issue may be sent for approval."""

from typing import Annotated

from pydantic import Field

from newsletter.config.base import Section


class ChecksSettings(Section):
    """How links are looked at, and what counts as a sudden change."""

    links: bool = True
    link_seconds: Annotated[float, Field(gt=0, le=60)] = 10
    link_hours: Annotated[float, Field(gt=0)] = 24
    links_on_this_machine: bool = False
    audience_change_percent: Annotated[float, Field(gt=0)] = 30
