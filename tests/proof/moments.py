"""The moments at which a process dies by its own hand: in the midst of a named step, seen by what it asks the database.

A kill by the clock hits what takes longest; these hit what is over in a millisecond.
"""

import os
import random
import re
import signal
import threading
from typing import Any

from sqlalchemy import Engine, event

STEPS = {
    "release": r"INSERT (OR IGNORE )?INTO delivery\b",
    "claim": r"INSERT INTO claim\b",
    "retry": r"UPDATE delivery\b.*'deferred'.*next_at <=",
    "recovery": r"UPDATE (delivery|letter)\b.*'uncertain', reason",
    "close": r"UPDATE issue\b.*closed_at",
    "settle": r"UPDATE delivery\b.*\bcode\b.*\breason\b",
    "mark": r"UPDATE delivery\b.*'on_wire'.*marked_at",
}
"""What each step says to the database, however it is laid out."""
MOST_SECONDS_AFTER = 0.003
"""How long after the step's commit has begun a process may die: about the time that it takes."""


AT_THE_START = ("recovery",)
"""Steps that are done before anything is sent; the others count only from the signal SIGUSR1 on."""


def die_in(step: str, nth: int, dice: random.Random) -> None:
    """Have this process killed in its `nth` step of that name: before the change, or about when it is committed."""
    watch = _Watch(re.compile(STEPS[step], re.DOTALL), nth, late=dice.random() < 1 / 2, dice=dice)
    watch.armed = step in AT_THE_START
    signal.signal(signal.SIGUSR1, watch.arm)
    event.listen(Engine, "connect", watch.connected)
    event.listen(Engine, "before_cursor_execute", watch.executed)
    event.listen(Engine, "commit", watch.committed)


class _Watch:
    """Listens to SQLite itself, and to SQLAlchemy where the database is PostgreSQL."""

    def __init__(self, pattern: re.Pattern[str], nth: int, *, late: bool, dice: random.Random) -> None:
        self._pattern = pattern
        self._left = nth
        self._late = late
        self._dice = dice
        self._met = False
        self.armed = False

    def arm(self, *_: object) -> None:
        """Count from now on."""
        self.armed = True

    def connected(self, connection: Any, _record: object) -> None:
        """Hear every statement of a SQLite connection."""
        if hasattr(connection, "set_trace_callback"):
            connection.set_trace_callback(self._heard)

    def executed(self, connection: Any, _cursor: object, statement: str, *_: object) -> None:
        """Hear a statement of PostgreSQL."""
        if connection.dialect.name == "postgresql":
            self._heard(statement)

    def committed(self, connection: Any) -> None:
        """Hear a commit of PostgreSQL."""
        if connection.dialect.name == "postgresql":
            self._heard("COMMIT")

    def _heard(self, statement: str) -> None:
        if self._met:
            if statement.startswith("COMMIT"):
                threading.Timer(self._dice.uniform(0, MOST_SECONDS_AFTER), _die).start()
            return
        if not self.armed or not self._pattern.search(statement):
            return
        self._left -= 1
        if self._left > 0:
            return
        self._met = True
        if not self._late:
            _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
