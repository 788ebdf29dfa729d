"""An even rate."""

SAVED_SECONDS = 0.1
"""How much time may be made up for where no burst is set."""


class Even:
    """Hand out permits at an even rate; after a pause as many at once as were saved up, and no more."""

    def __init__(self, per_second: float, burst: int = 0) -> None:
        self._interval = 1 / per_second if per_second else 0.0
        self._saved = burst * self._interval or SAVED_SECONDS
        self._next = 0.0
        self.slowness = 1
        """How many times as long as usual to wait between two."""

    def wait(self, now: float) -> float:
        """Return how many seconds to wait for the next permit; 0: there is one. `now` is a monotonic clock."""
        return max(0.0, self._next - now)

    def took(self, now: float) -> None:
        """Take a permit, whether there is one or not."""
        if self._interval:
            self._next = max(self._next, now - self._saved) + self._interval * self.slowness
