"""When a delivery that was put off is tried again; pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta


def next_attempt(attempts: int, waits: Sequence[timedelta], now: datetime) -> datetime | None:
    """Return when to try again after `attempts` tries (1 is the first); None: give up."""
    return now + waits[attempts - 1] if 1 <= attempts <= len(waits) else None
