"""How an issue is agreed to and when it goes out."""

from typing import Annotated

from pydantic import Field

from newsletter.config.base import Section


class ScheduleSettings(Section):
    """The clock."""

    tick_seconds: Annotated[float, Field(gt=0)]
    late_hours: Annotated[float, Field(gt=0)]


class ApprovalSettings(Section):
    """Who must agree."""

    required: bool
    confirm_hours: Annotated[float, Field(gt=0)]
