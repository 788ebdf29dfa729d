"""Clicks on their way to the database: counted in memory, written together, so that no reader waits for a writer."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from threading import Lock

Click = tuple[int, str, date]
"""Link id, language of the edition, day."""


class Tally:
    """Counts from any thread; one of them at a time writes what all have counted."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self._counts: Counter[Click] = Counter()
        self._guard = Lock()
        self._writer = Lock()

    def add(self, click: Click) -> None:
        """Count one click."""
        with self._guard:
            self._counts[click] += 1

    def flush(self, write: Callable[[Counter[Click]], None]) -> None:
        """Have everything counted so far written; return at once where another thread is at it.

        What `write` fails to write, raising, stays for the next time.
        """
        while self._counts and self._writer.acquire(blocking=False):
            try:
                counts = self._take()
                try:
                    write(counts)
                except BaseException:
                    with self._guard:
                        self._counts += counts
                    raise
            finally:
                self._writer.release()  # then look again: somebody may have counted and found the writer busy

    def _take(self) -> Counter[Click]:
        with self._guard:
            counts, self._counts = self._counts, Counter()
        return counts
