"""From what the server said to what is recorded; pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from newsletter.delivery import retry
from newsletter.delivery.outbox import Row, Settlement
from newsletter.delivery.outcomes import Accepted, Deferred, Outcome, Refused
from newsletter.delivery.reasons import classify


def settlement(row: Row, outcome: Outcome, waits: Sequence[timedelta], *, now: datetime) -> Settlement:
    """Return the settlement of a row; one that is put off too often is given up."""
    if isinstance(outcome, Accepted):
        return Settlement(row, "sent", outcome.reply.code, outcome.reply.text)
    if isinstance(outcome, Refused):
        code, text = (outcome.reply.code, outcome.reply.text) if outcome.reply else (None, None)
        return Settlement(row, "refused", code, text, outcome.reason)
    if isinstance(outcome, Deferred):
        next_at = retry.next_attempt(row.attempts + 1, waits, now)
        state = "deferred" if next_at else "given_up"
        if outcome.reply is None:
            return Settlement(row, state, None, outcome.why, "connection", next_at)
        return Settlement(row, state, outcome.reply.code, outcome.reply.text, classify(outcome.reply), next_at)
    return Settlement(row, "uncertain", None, outcome.why, "no_answer")
