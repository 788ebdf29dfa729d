"""From the parts of a written date to a day of the calendar."""

import bisect
from collections.abc import Sequence
from datetime import date

from newsletter.prose.mention import Mention


def day(year: int | None, month: int, number: int, near: date) -> date | None:
    """Return the day, or none if there is none such; without a year it is the one nearest to `near`."""
    years = (year,) if year is not None else (near.year - 1, near.year, near.year + 1)
    found = [candidate for one in years if (candidate := _valid(one, month, number))]
    return min(found, key=lambda candidate: abs(candidate - near), default=None)


def day_after(found: Sequence[Mention], position: int, number: int, near: date) -> date | None:
    """Return the day of a bare number at `position`: in the month of the date before it; `found` in reading order."""
    index = bisect.bisect_right(found, position, key=lambda mention: mention.span[1])
    same = found[index - 1].day if index else None
    return day(same.year, same.month, number, near) if same else None


def _valid(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None
