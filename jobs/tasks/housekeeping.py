"""Forget what has had its time: unconfirmed requests and ended log-ins."""

from datetime import timedelta

from sqlalchemy import delete

from jobs.tasks.deps import Deps
from newsletter import database, erasure
from newsletter.models import EditorSession
from subscribers import guarded, lifecycle

PENDING_KEPT = timedelta(days=7)
"""How long an unconfirmed request is kept (facts: mail law, data minimisation)."""


def forget_expired(deps: Deps) -> int:
    """Purge pending requests older than a week and expired sessions; return how many rows went."""
    now = deps.now()
    with database.writing(deps.engine) as session:
        purged = lifecycle.purge_pending(session, before=now - PENDING_KEPT, now=now, forget=erasure.forget)
        return purged + guarded.write(session, delete(EditorSession).where(EditorSession.expires_at < now))
