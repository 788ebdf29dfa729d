"""The claimed rows this process holds in memory, letters first, then those of groups that may be written to."""

from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable
from math import inf

from newsletter.delivery.outbox import LETTERS, Row
from newsletter.pace.groups import Group, Groups


class Stock:
    """What is claimed and not yet under way, and how much of each claim is still open."""

    def __init__(self, groups: Groups | None = None) -> None:
        self._group_of = (groups or Groups(())).of
        self._letters: deque[Row] = deque()
        self._deliveries: deque[Row] = deque()  # of no group
        self._grouped: dict[Group, deque[Row]] = {}
        self._under_way: dict[Row, Group] = {}
        self._open: Counter[int] = Counter()

    @property
    def letters(self) -> int:
        """Return how many letters wait."""
        return len(self._letters)

    @property
    def deliveries(self) -> int:
        """Return how many deliveries wait that belong to no group, which nothing holds up."""
        return len(self._deliveries)

    @property
    def waiting(self) -> int:
        """Return how many rows wait."""
        return len(self._letters) + len(self._deliveries) + sum(map(len, self._grouped.values()))

    @property
    def groups(self) -> list[Group]:
        """Return the groups of which deliveries wait."""
        return [group for group, rows in self._grouped.items() if rows]

    @property
    def issues(self) -> set[int | None]:
        """Return the issues whose deliveries wait."""
        return {row.issue_id for row in self._all()}

    @property
    def editions(self) -> set[int | None]:
        """Return the editions that waiting deliveries need."""
        return {row.edition_id for row in self._all()}

    def of_group(self, group: Group) -> int:
        """Return how many deliveries of a group wait."""
        return len(self._grouped.get(group, ()))

    def add(self, rows: Iterable[Row]) -> None:
        """Take claimed rows in."""
        for row in rows:
            self._open[row.claim_id] += 1
            if row.kind is LETTERS:
                self._letters.append(row)
            elif (group := self._group_of(row.email)) is None:
                self._deliveries.append(row)
            else:
                self._grouped.setdefault(group, deque()).append(row)

    def pop(self, now: float = 0.0) -> Row | None:
        """Return the next row, a letter where there is one; None where every group with rows is at its limit.

        Groups go before the rest: they are slower, and decide when the last message leaves.
        """
        if self._letters:
            return self._letters.popleft()
        for group, rows in self._grouped.items():
            if rows and not group.wait(now):
                group.took(now)
                row = rows.popleft()
                self._under_way[row] = group
                return row
        return self._deliveries.popleft() if self._deliveries else None

    def wait(self, now: float) -> float:
        """Return in how many seconds the next group with rows may be written to; infinite: when one has answered."""
        return min((group.wait(now) for group, rows in self._grouped.items() if rows), default=inf)

    def of_claims(self, claim_ids: Collection[int]) -> list[Row]:
        """Take all deliveries of some claims out, and return them."""
        return self._take_out(lambda row: row.claim_id in claim_ids) if claim_ids else []

    def take_out(self, issue_id: int | None = None) -> list[Row]:
        """Take all waiting rows out, or those of one issue, and return them."""
        if issue_id is not None:
            return self._take_out(lambda row: row.issue_id == issue_id)
        letters = list(self._letters)
        self._letters.clear()
        return letters + self._take_out(lambda _: True)

    def done(self, row: Row) -> None:
        """Note that a row has been settled or given back."""
        self._open[row.claim_id] -= 1
        if self._under_way and (group := self._under_way.pop(row, None)) is not None:
            group.ended()

    def finished_claims(self) -> list[int]:
        """Return the claims of which nothing is open."""
        return [claim_id for claim_id, rows in self._open.items() if rows <= 0]

    def forget(self, claim_ids: Iterable[int]) -> None:
        """Drop claims that are noted as closed."""
        for claim_id in claim_ids:
            del self._open[claim_id]

    def _all(self) -> list[Row]:
        return [*self._deliveries, *(row for rows in self._grouped.values() for row in rows)]

    def _take_out(self, leaves: Callable[[Row], bool]) -> list[Row]:
        out = [row for row in self._all() if leaves(row)]
        self._deliveries = deque(row for row in self._deliveries if not leaves(row))
        for group, rows in self._grouped.items():
            self._grouped[group] = deque(row for row in rows if not leaves(row))
        return out
