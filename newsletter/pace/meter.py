"""How fast messages leave while nothing but the mail server holds them up."""

GAP_SECONDS = 2.0
"""A pause this long is not the server's."""
LEAST_MESSAGES = 100
LEAST_SECONDS = 1.0


class Meter:
    """Count messages and the time in which they left, without the pauses between them."""

    def __init__(self) -> None:
        self._messages = 0
        self._seconds = 0.0
        self._last = 0.0

    def took(self, now: float) -> None:
        """Count a message that leaves now."""
        gap = now - self._last
        self._last = now
        if gap < GAP_SECONDS:
            self._messages += 1
            self._seconds += gap

    @property
    def per_second(self) -> float | None:
        """Return the rate; None before there is enough to tell."""
        if self._messages < LEAST_MESSAGES or self._seconds < LEAST_SECONDS:
            return None
        return self._messages / self._seconds
