"""One date as it stands in a text."""

from dataclasses import dataclass
from datetime import date

Span = tuple[int, int]


@dataclass(frozen=True)
class Mention:
    """A written date: the day it means, the weekday it claims, and where each part stands."""

    text: str
    span: Span
    day: date | None  # none: the calendar has no such day
    weekday: int | None  # as written, Monday is 0
    number_at: Span
    month_at: Span | None = None  # none: the month is that of the date beside it
    year_at: Span | None = None

    @property
    def weekday_is_right(self) -> bool:
        """Return whether the weekday, if one is written, is that of the day."""
        return self.day is None or self.weekday is None or self.day.weekday() == self.weekday
