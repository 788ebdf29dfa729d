"""When issues may be sent: not in quiet hours, and not beyond what a day of the warm-up allows."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from math import inf
from zoneinfo import ZoneInfo

from newsletter.config.pace import PaceSettings
from newsletter.pace.quiet import Quiet
from newsletter.pace.warmup import Warmup

_SOON = timedelta(minutes=10)


class Calendar:
    """Says whether an issue's messages may leave; asked with seconds since 1970, quickly.

    What it answers holds until `valid_until`; then, and whenever an issue is released, `look` again.
    """

    def __init__(self, settings: PaceSettings, zone: ZoneInfo) -> None:
        self.quiet = Quiet(settings.quiet_from, settings.quiet_until, zone)
        self.warmup = Warmup(settings.warmup, zone)
        self._limited = settings.quiet_from is not None or settings.warmup.began is not None
        self._valid_until = -inf if self._limited else inf
        self._opens_at = -inf
        self._left: float = inf  # messages that this day still allows
        self._day_ends = inf
        self._sent: dict[object, int] = {}  # by the office's day

    def load(self, counts: Iterable[tuple[float, int]]) -> None:
        """Take in what left before: (time, how many)."""
        for moment, count in counts:
            self._count(datetime.fromtimestamp(moment, UTC), count)

    def look(self, moment: datetime, released_at: datetime | None = None) -> None:
        """Work out what holds at `moment`; `released_at` is the first release of that day, if there was one."""
        if not self._limited:
            return
        changes = self.quiet.next_change(moment)
        quiet_until = changes if changes is not None and self.quiet.holds(moment) else moment
        cap = self.warmup.cap(moment)
        midnight = self.warmup.midnight(moment, days=1)
        self._day_ends, self._left = midnight.timestamp(), inf
        opens = quiet_until
        if cap is not None:
            self._left = cap - self._sent.get(self.warmup.day(moment), 0)
            opens = max(opens, self.warmup.opens(moment, released_at))
        self._opens_at = opens.timestamp()
        ends = [moment + _SOON, midnight] + ([changes] if changes is not None else [])
        self._valid_until = min(ends).timestamp()

    def wait(self, at: float) -> float:
        """Return how many seconds to wait before an issue's next message may leave; 0 for none."""
        if not self._limited:
            return 0.0
        if at >= self._valid_until:
            return 1.0  # nobody has looked yet
        if self._left <= 0:
            return self._day_ends - at
        return max(0.0, self._opens_at - at)

    def room(self, at: float) -> float:
        """Return how many may leave now; infinite where nothing limits them."""
        return 0.0 if self.wait(at) else max(0.0, self._left)

    def took(self, at: float) -> None:
        """Count a message that leaves."""
        if self._limited:
            self._left -= 1
            self._count(datetime.fromtimestamp(at, UTC), 1)

    def _count(self, moment: datetime, count: int) -> None:
        day = self.warmup.day(moment)
        self._sent[day] = self._sent.get(day, 0) + count
