"""From the parts of a written date to a day of the calendar."""

from datetime import date


def day(year: int | None, month: int, number: int, near: date) -> date | None:
    """Return the day, or none if there is none such; without a year it is the one nearest to `near`."""
    years = (year,) if year is not None else (near.year - 1, near.year, near.year + 1)
    found = [candidate for one in years if (candidate := _valid(one, month, number))]
    return min(found, key=lambda candidate: abs(candidate - near), default=None)


def _valid(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None
