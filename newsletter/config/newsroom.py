"""When an issue goes out."""

from typing import Annotated

from pydantic import Field

from newsletter.config.base import Section


class ScheduleSettings(Section):
    """The clock."""

    tick_seconds: Annotated[float, Field(gt=0)]
    late_hours: Annotated[float, Field(gt=0)]
