"""Quiet hours on the office's wall clock."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


class Quiet:
    """The hours from one time of day to another, over midnight where the second is the earlier one."""

    def __init__(self, begin: time | None, end: time | None, zone: ZoneInfo) -> None:
        self._begin, self._end, self._zone = begin, end, zone

    def holds(self, moment: datetime) -> bool:
        """Return whether `moment` is in the quiet hours."""
        if self._begin is None or self._end is None:
            return False
        clock = moment.astimezone(self._zone).time()
        if self._begin < self._end:
            return self._begin <= clock < self._end
        return clock >= self._begin or clock < self._end

    def next_change(self, moment: datetime) -> datetime | None:
        """Return when the quiet hours next begin or end; None where there are none.

        Where the clocks skip the time of day, that is the moment of the change.
        """
        if self._begin is None or self._end is None:
            return None
        now = self.holds(moment)
        wall = moment.astimezone(self._zone).replace(tzinfo=None)
        for day in range(3):
            for clock in sorted((self._begin, self._end)):
                candidate = datetime.combine(wall.date() + timedelta(days=day), clock, tzinfo=self._zone)
                at = candidate.astimezone(UTC)
                if at > moment and self.holds(at) != now:
                    return self._first_other(moment.astimezone(UTC), at, now=now)
        return None

    def _first_other(self, low: datetime, high: datetime, *, now: bool) -> datetime:
        """Return the first second after `low`, and not after `high`, at which it is not as it is at `low`."""
        while high - low > _SECOND:
            middle = low + (high - low) / 2
            if self.holds(middle) == now:
                low = middle
            else:
                high = middle
        return high.replace(microsecond=0) if self.holds(high.replace(microsecond=0)) != now else high
