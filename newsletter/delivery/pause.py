"""When an issue pauses by itself: too many failures, or a server that refuses us."""

from collections import deque
from datetime import datetime

from sqlalchemy import Connection

from newsletter.config import DeliverySettings
from newsletter.delivery import whys
from newsletter.delivery.outcomes import Accepted, Outcome, Refused
from newsletter.delivery.reasons import OUR_FAULT
from newsletter.delivery.sql import Sql
from newsletter.delivery.sql import of as sql_of


class Watch:
    """The last outcomes of one issue."""

    def __init__(self, settings: DeliverySettings) -> None:
        self._settings = settings
        self._last: deque[str] = deque(maxlen=settings.pause_window)

    def note(self, outcome: Outcome) -> str | None:
        """Count an outcome; return why to pause now (`whys.written`), or None.

        A refusal for now (greylisting) is no failure, and neither is a message without an answer:
        what becomes of those is decided by the connection's own rules.
        """
        if isinstance(outcome, Accepted):
            self._last.append("")
            return None
        if not isinstance(outcome, Refused):
            return None
        self._last.append(outcome.reason)
        why = self._why()
        if why:
            self._last.clear()
        return why

    def _why(self) -> str | None:
        settings, seen = self._settings, len(self._last)
        failures = [reason for reason in self._last if reason]
        ours = [reason for reason in failures if reason in OUR_FAULT]
        our_share = len(ours) >= settings.pause_failures and len(ours) * 100 >= seen * settings.pause_ours_percent
        if our_share or len(ours) >= settings.pause_ours:
            return whys.written("pause.ours", failures=len(ours), seen=seen, reasons=sorted(set(ours)))
        if len(failures) >= settings.pause_failures and len(failures) * 100 > seen * settings.pause_share_percent:
            return whys.written("pause.refusals", failures=len(failures), seen=seen)
        return None


def apply(connection: Connection | Sql, issue_id: int, why: str, *, now: datetime) -> bool:
    """Pause an issue that is being sent; return False where somebody has paused or ended it already."""
    sql = sql_of(connection)
    paused = sql.run(
        "UPDATE issue SET paused_at = ?, paused_reason = ? WHERE id = ? AND state = 'sending' AND paused_at IS NULL",
        sql.time(now),
        why,
        issue_id,
    )
    return bool(paused)
