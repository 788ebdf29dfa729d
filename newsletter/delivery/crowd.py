"""How many connections the mail server bears: fewer when it turns us away, more again in quiet times; pure."""

FIRST_SECONDS = 60.0
MOST_SECONDS = 960.0
"""How long to wait before one more connection is tried: doubled each time that was too much."""


class Crowd:
    """The limit that we keep to, at most what the settings allow; `now` is a monotonic clock."""

    def __init__(self, most: int) -> None:
        """Begin with as many as the settings allow."""
        self._most = most
        self._limit = most
        self._quiet = FIRST_SECONDS
        self._next = 0.0

    def limit(self, now: float) -> int:
        """Return how many connections to hold."""
        if self._limit < self._most and now >= self._next:
            self._limit += 1
            self._next = now + self._quiet
            if self._limit == self._most:
                self._quiet = FIRST_SECONDS
        return self._limit

    def turned_away(self, holding: int, now: float) -> None:
        """Note that the server took no more while it served `holding`."""
        fewer = max(1, min(holding, self._most))
        if self._limit < self._most:  # again, at a limit found before; several refusals at once count as one
            self._quiet = min(self._quiet * 2, MOST_SECONDS) if now >= self._next - self._quiet + 1 else self._quiet
        self._limit = min(self._limit, fewer)
        self._next = now + self._quiet
