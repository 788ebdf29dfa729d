"""The days on which the office is closed, so that nothing goes out by itself."""

from datetime import date
from typing import Annotated

from pydantic import Field, field_validator

from newsletter.config.base import Section

Closure = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}(/\d{4}-\d{2}-\d{2})?$")]
"""A day, or the first and the last of several: 2026-12-29/2027-01-03."""


class ClosedSettings(Section):
    """When nobody is in the office."""

    weekends: bool = True
    public_holidays: bool = True  # of the office's country
    days: tuple[Closure, ...] = ()

    @property
    def spans(self) -> tuple[tuple[date, date], ...]:
        """Return the office's own closures as first and last days."""
        return tuple(_span(written) for written in self.days)

    @field_validator("days")
    @classmethod
    def _known_days(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for written in value:
            try:
                first, last = _span(written)
            except ValueError as error:
                message = f"{written} is not a day of the calendar; write it like 2026-12-29 or 2026-12-29/2027-01-03"
                raise ValueError(message) from error
            if last < first:
                message = f"{written} ends before it begins"
                raise ValueError(message)
        return value


def _span(written: str) -> tuple[date, date]:
    first, _, last = written.partition("/")
    return date.fromisoformat(first), date.fromisoformat(last or first)
