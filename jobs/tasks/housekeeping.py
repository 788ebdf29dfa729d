"""Forget what has had its time: unconfirmed requests, ended log-ins, what old letters said."""

from datetime import timedelta

from sqlalchemy import delete, update

from jobs.tasks.deps import Deps
from newsletter import database, erasure, letters, proposals
from newsletter.approvals import tickets
from newsletter.models import EditorSession
from subscribers import guarded, lifecycle
from subscribers.models import ReceivedMail

PENDING_KEPT = timedelta(days=7)
"""How long an unconfirmed request is kept (facts on mail, section 4)."""
LETTERS_KEPT = timedelta(days=30)
"""How long the words of a letter that was sent are kept; links in it have ended long before."""
RECEIVED_KEPT = timedelta(days=90)
"""How long a received letter is kept here; the mailbox itself is the office's own."""


def forget_expired(deps: Deps) -> int:
    """Purge what is older than it may be; return how many rows were deleted or blanked."""
    now = deps.now()
    with database.writing(deps.engine) as session:
        sessions = delete(EditorSession).where(EditorSession.expires_at < now)
        received = update(ReceivedMail).where(
            ReceivedMail.received_at < now - RECEIVED_KEPT, ReceivedMail.raw.is_not(None)
        )
        return (
            lifecycle.purge_pending(session, before=now - PENDING_KEPT, now=now, forget=erasure.forget)
            + proposals.purge(session, before=now - PENDING_KEPT)
            + tickets.forget(session, now=now)
            + letters.forget_content(session, before=now - LETTERS_KEPT)
            + guarded.write(session, sessions)
            + guarded.write(session, received.values(raw=None))
        )
