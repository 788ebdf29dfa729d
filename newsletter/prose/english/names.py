"""Months and days by name."""

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sept", "Sep", "Oct", "Nov", "Dec")
"""Without May, which is no shorter."""
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def month(name: str) -> int:
    """Return the number of a month by its name, short or long."""
    return next(index for index, month in enumerate(MONTHS, start=1) if month[:3] == name[:3])


def weekday(name: str) -> int:
    """Return the number of a day by its name, short or long; Monday is 0."""
    return next(index for index, day in enumerate(DAYS) if day[:3] == name[:3])
