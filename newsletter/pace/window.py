"""At most so many in any minute, hour or day."""

from collections import deque
from collections.abc import Iterable


class Window:
    """Count what left in the last `seconds`, in a few hundred steps, each of which counts until all of it is too old.

    So no stretch of that length ever holds more than `most`, wherever it begins. Times are seconds of one clock.
    """

    def __init__(self, most: int, seconds: float, step: float) -> None:
        self.most = most
        self._seconds = seconds
        self._step = step
        self._steps: deque[tuple[int, int]] = deque()  # number of the step, and how many in it
        self._total = 0

    def wait(self, now: float, *, kept: int = 0) -> float:
        """Return how many seconds to wait at least before one more may go; `kept` permits are for others."""
        if self._total + kept < self.most:
            return 0.0
        self._forget(now)
        if self._total + kept < self.most:
            return 0.0
        first = self._steps[0][0] if self._steps else int(now // self._step)
        return max(0.0, (first + 1) * self._step + self._seconds - now)

    def room(self, now: float, *, kept: int = 0) -> int:
        """Return how many may go now."""
        self._forget(now)
        return max(0, self.most - kept - self._total)

    def took(self, now: float, count: int = 1) -> None:
        """Count what leaves now; times may not go back by more than a step."""
        number = int(now // self._step)
        if self._steps and self._steps[-1][0] >= number:
            number, before = self._steps.pop()
            self._steps.append((number, before + count))
        else:
            self._steps.append((number, count))
        self._total += count

    def load(self, counts: Iterable[tuple[float, int]]) -> None:
        """Take in what left before: (time, how many), oldest first."""
        for moment, count in counts:
            self.took(moment, count)

    def _forget(self, now: float) -> None:
        while self._steps and (self._steps[0][0] + 1) * self._step <= now - self._seconds:
            self._total -= self._steps.popleft()[1]
