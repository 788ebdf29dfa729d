"""What goes out, and who sends it, is what was approved (DESIGN 5.4): at each release, and all the while.

Each look reads every word that is stored of an issue, some megabytes at most; it takes no lock.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import freezing, issues
from newsletter.config import Settings
from newsletter.delivery import alarms, whys
from newsletter.issues.releases import RELEASABLE
from newsletter.models import Issue


def broken(session: Session, settings: Settings) -> Sequence[int]:
    """Return the issues on their way to readers that are not what was approved any more; reads only."""
    going = select(Issue).where(Issue.state == "sending", Issue.kind == "issue", Issue.paused_at.is_(None))
    return [one.id for one in session.scalars(going).all() if is_broken(session, settings, one)]


def is_broken(session: Session, settings: Settings, issue: Issue) -> bool:
    """Return whether what is still to go out of an issue is not what was approved any more; reads only.

    The sender is of the settings, which an operator may change between approval and send time, or between
    one language and the next.
    """
    return issue.state in RELEASABLE and freezing.digest(session, settings, issue) != issue.frozen_hash


def hold(session: Session, settings: Settings, issue: Issue, *, now: datetime) -> bool:
    """Pause an issue whose seal is broken and tell the editors; return False where somebody has paused it before."""
    session.refresh(issue, with_for_update=True)
    if issue.paused_at is not None or not is_broken(session, settings, issue):
        return False
    stop(session, settings, issue, now=now)
    return True


def stop(session: Session, settings: Settings, issue: Issue, *, now: datetime) -> None:
    """Pause what is not what was approved, say why, and tell the editors."""
    reason = whys.written("unsealed.reason", area="newsroom")
    issues.pause(session, issue, reason, now=now, editor_id=None)
    alarms.write(session, settings, issue.id, reason, now=now)
