"""How fast messages may leave."""


class Pace:
    """Hand out permits at an even rate, saving up no more than a tenth of a second's worth."""

    def __init__(self, per_second: float) -> None:
        self._interval = 1 / per_second if per_second else 0.0
        self._next = 0.0

    def wait(self, now: float) -> float:
        """Return how many seconds to wait for the next permit; 0 takes it. `now` is a monotonic clock."""
        if not self._interval:
            return 0.0
        earliest = max(self._next, now - 0.1)
        if earliest > now:
            return earliest - now
        self._next = earliest + self._interval
        return 0.0
