"""One time of day as it stands in a text."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Moment:
    """Hour and minute on the 24-hour clock; `sure` is False where morning or evening is left open ("3 o'clock")."""

    hour: int
    minute: int
    text: str
    sure: bool = True


def of(hour: int, minute: int, text: str, *, late: bool | None = None) -> Moment | None:
    """Return the moment, or None for what no clock shows; `late`: after noon or not, None where that is open."""
    if late and hour < 12:  # noqa: PLR2004 - noon
        hour += 12
    if late is False and hour == 12:  # noqa: PLR2004 - 12 am is midnight
        hour = 0
    if hour > 24 or minute > 59:  # noqa: PLR2004 - a day's hours and an hour's minutes
        return None
    return Moment(hour % 24, minute, text, late is not None)
