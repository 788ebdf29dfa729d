"""From the office's wall clock to a moment: a time that a clock change skips or repeats is refused."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from newsletter.errors import StateError


def moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the aware UTC time of a naive wall-clock time in `zone`.

    Raises StateError where the clocks skip that time in spring or show it twice in autumn.
    """
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    shown = f"{wall:%Y-%m-%d %H:%M}"
    if first.utcoffset() != second.utcoffset():
        if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
            message = f"The clocks in {zone.key} skip {shown}; choose another time."
            raise StateError(message)
        message = f"The clocks in {zone.key} show {shown} twice that day; choose another time."
        raise StateError(message)
    return first.astimezone(UTC)
