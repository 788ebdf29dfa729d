"""Which queued deliveries to claim next where some groups of domains have enough of theirs at hand."""

from collections import Counter, defaultdict
from collections.abc import Callable

from sqlalchemy import Connection

from newsletter.delivery.sql import Sql
from newsletter.pace.groups import Group

LOOKED_AT = 2000
"""Queued rows looked at in one go, a few milliseconds' worth."""


class Picker:
    """Walks the queue of each issue round and round, so that what a full group leaves behind holds up nobody."""

    def __init__(self, group_of: Callable[[str], Group | None]) -> None:
        self._group_of = group_of
        self._after: defaultdict[int, int] = defaultdict(int)

    def pick(self, connection: Connection, issue_id: int, *, limit: int, room: Callable[[Group], int]) -> list[int]:
        """Return the ids of up to `limit` queued deliveries, of each group no more than it has room for."""
        after = self._after[issue_id]
        rows = Sql(connection).all(
            "SELECT r.id, p.email FROM delivery r JOIN subscriber p ON p.id = r.subscriber_id"
            " WHERE r.issue_id = ? AND r.state = 'queued' AND r.id > ? ORDER BY r.id LIMIT ?",
            issue_id,
            after,
            LOOKED_AT,
        )
        picked: list[int] = []
        taken: Counter[Group] = Counter()
        rooms: dict[Group, int] = {}
        for row_id, email in rows:
            group = self._group_of(email or "")
            after = row_id
            if group is not None:
                if group not in rooms:
                    rooms[group] = room(group)
                if taken[group] >= rooms[group]:
                    continue
                taken[group] += 1
            picked.append(row_id)
            if len(picked) >= limit:
                break
        else:
            if len(rows) < LOOKED_AT:
                after = 0  # that was the end of the queue
        self._after[issue_id] = after
        return picked
