"""The claimed rows this process holds in memory, letters first."""

from collections import Counter, deque
from collections.abc import Iterable

from newsletter.delivery.outbox import LETTERS, Row


class Stock:
    """What is claimed and not yet under way, and how much of each claim is still open."""

    def __init__(self) -> None:
        self._letters: deque[Row] = deque()
        self._deliveries: deque[Row] = deque()
        self._open: Counter[int] = Counter()

    @property
    def letters(self) -> int:
        """Return how many letters wait."""
        return len(self._letters)

    @property
    def deliveries(self) -> int:
        """Return how many deliveries wait."""
        return len(self._deliveries)

    @property
    def waiting(self) -> int:
        """Return how many rows wait."""
        return len(self._letters) + len(self._deliveries)

    @property
    def issues(self) -> set[int | None]:
        """Return the issues whose deliveries wait."""
        return {row.issue_id for row in self._deliveries}

    @property
    def editions(self) -> set[int | None]:
        """Return the editions that waiting deliveries need."""
        return {row.edition_id for row in self._deliveries}

    def add(self, rows: Iterable[Row]) -> None:
        """Take claimed rows in."""
        for row in rows:
            (self._letters if row.kind is LETTERS else self._deliveries).append(row)
            self._open[row.claim_id] += 1

    def pop(self) -> Row | None:
        """Return the next row, a letter where there is one."""
        if self._letters:
            return self._letters.popleft()
        return self._deliveries.popleft() if self._deliveries else None

    def take_out(self, issue_id: int | None = None) -> list[Row]:
        """Take all waiting rows out, or those of one issue, and return them."""
        rows = list(self._deliveries) if issue_id is not None else [*self._letters, *self._deliveries]
        out = [row for row in rows if issue_id is None or row.issue_id == issue_id]
        if issue_id is None:
            self._letters.clear()
        self._deliveries = deque(row for row in self._deliveries if issue_id is not None and row.issue_id != issue_id)
        return out

    def done(self, row: Row) -> None:
        """Note that a row has been settled or given back."""
        self._open[row.claim_id] -= 1

    def finished_claims(self) -> list[int]:
        """Return the claims of which nothing is open."""
        return [claim_id for claim_id, rows in self._open.items() if rows <= 0]

    def forget(self, claim_ids: Iterable[int]) -> None:
        """Drop claims that are noted as closed."""
        for claim_id in claim_ids:
            del self._open[claim_id]
