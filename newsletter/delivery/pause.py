"""When an issue pauses by itself: too many failures, or a server that refuses us."""

from collections import deque
from datetime import datetime

from sqlalchemy import Connection

from newsletter.config import DeliverySettings
from newsletter.delivery.outcomes import Accepted, Outcome, Refused
from newsletter.delivery.reasons import OUR_FAULT
from newsletter.delivery.sql import Sql
from newsletter.delivery.sql import of as sql_of

WINDOW = 200
"""Outcomes that count."""
OUR_SHARE_PERCENT = 2
OUR_MOST = 10
"""Refusals that are our own fault weigh more: at this share, or this number."""


class Watch:
    """The last outcomes of one issue."""

    def __init__(self, settings: DeliverySettings) -> None:
        self._settings = settings
        self._last: deque[str] = deque(maxlen=WINDOW)

    def note(self, outcome: Outcome) -> str | None:
        """Count an outcome; return the sentence that says why to pause now, or None.

        A refusal for now (greylisting) is no failure, and neither is a message without an answer:
        what becomes of those is decided by the connection's own rules.
        """
        if isinstance(outcome, Accepted):
            self._last.append("")
            return None
        if not isinstance(outcome, Refused):
            return None
        self._last.append(outcome.reason)
        sentence = self._sentence()
        if sentence:
            self._last.clear()
        return sentence

    def _sentence(self) -> str | None:
        failures = [reason for reason in self._last if reason]
        ours = [reason for reason in failures if reason in OUR_FAULT]
        seen = len(self._last)
        enough = len(ours) >= self._settings.pause_failures and len(ours) * 100 > seen * OUR_SHARE_PERCENT
        if len(ours) >= OUR_MOST or enough:
            return (
                f"{len(ours)} of the last {seen} messages were refused because of us ({', '.join(sorted(set(ours)))}),"
                " not because of the readers. Nobody was taken off the list. Mend the cause, then resume."
            )
        if (
            len(failures) >= self._settings.pause_failures
            and len(failures) * 100 > seen * self._settings.pause_share_percent
        ):
            return f"{len(failures)} of the last {seen} messages were refused. Look at the reasons, then resume."
        return None


def apply(connection: Connection | Sql, issue_id: int, sentence: str, *, now: datetime) -> bool:
    """Pause an issue that is being sent; return False where somebody has paused or ended it already."""
    sql = sql_of(connection)
    paused = sql.run(
        "UPDATE issue SET paused_at = ?, paused_reason = ? WHERE id = ? AND state = 'sending' AND paused_at IS NULL",
        sql.time(now),
        sentence,
        issue_id,
    )
    return bool(paused)
