"""The last look before an issue goes out: what is stored, and who sends it, is what was approved (DESIGN 5.4)."""

from datetime import datetime

from sqlalchemy.orm import Session

from newsletter import freezing, issues, words
from newsletter.config import Settings
from newsletter.delivery import alarms
from newsletter.models import Issue


def is_broken(session: Session, settings: Settings, issue: Issue) -> bool:
    """Return whether an issue of which nothing is out yet is not what was approved any more; reads only.

    The sender is of the settings, which an operator may change between approval and send time.
    """
    return issue.state == "scheduled" and freezing.digest(session, settings, issue) != issue.frozen_hash


def hold(session: Session, settings: Settings, issue: Issue, *, now: datetime) -> bool:
    """Pause an issue whose seal is broken and tell the editors; return False where somebody has paused it before."""
    session.refresh(issue, with_for_update=True)
    if issue.paused_at is not None or not is_broken(session, settings, issue):
        return False
    spoken = words.languages("newsroom")
    language = next((one for one in settings.publication.languages if one in spoken), "en")
    reason = words.load("newsroom", language)("unsealed.reason")
    issues.pause(session, issue, reason, now=now, editor_id=None)
    alarms.write(session, settings, issue.id, reason, now=now)
    return True
