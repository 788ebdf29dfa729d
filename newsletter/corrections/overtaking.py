"""Issues that wait to go out and would announce a fair that is off by now: they are held until a person decides."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from newsletter import audit, issues, stories, words
from newsletter.config import Settings
from newsletter.content import Fair
from newsletter.corrections.reminders import OFF
from newsletter.delivery import alarms, whys
from newsletter.models import Audit, Issue

WAITING = ("asked", "approved", "scheduled")
ACTION = "overtaken"


@dataclass(frozen=True)
class Overtaken:
    """A fair that an issue tells as it was in the frozen revision, and that is postponed or cancelled in `head`."""

    issue_id: int
    story_id: int
    head: int

    @property
    def name(self) -> str:
        """Return the audit trail's name of it: an issue is held for it once."""
        return f"issue {self.issue_id}, story {self.story_id} at {self.head}"


def overtaken(session: Session) -> list[Overtaken]:
    """Return what issues that nobody has stopped would still announce; reads only."""
    waiting = select(Issue).where(
        Issue.state.in_(WAITING), Issue.paused_at.is_(None), Issue.frozen_revision.is_not(None)
    )
    return [one for issue in session.scalars(waiting).all() for one in _within(session, issue)]


def hold(session: Session, settings: Settings, found: Overtaken, *, now: datetime) -> bool:
    """Pause the issue and tell the editors; return False where that was done before, or is not so any more.

    A person who resumes it has decided: the same words of the same fair never stop it again.
    """
    issue = session.get_one(Issue, found.issue_id, with_for_update=True, populate_existing=True)
    if issue.state not in WAITING or issue.paused_at is not None or found not in _within(session, issue):
        return False
    spoken = words.languages("newsroom")
    language = next((one for one in settings.publication.languages if one in spoken), "en")
    title = issues.title(session, found.story_id, language)
    reason = whys.written("overtaken.reason", area="newsroom", title=title)
    issues.pause(session, issue, reason, now=now, editor_id=None)
    audit.record(session, ACTION, found.name, editor_id=None, now=now)
    alarms.write(session, settings, issue.id, reason, now=now)
    return True


def _within(session: Session, issue: Issue) -> Iterator[Overtaken]:
    content = issues.content(session, issue, issue.frozen_revision)
    told = {choice.story_id: choice.revision for choice in content.stories}
    for story_id, head in issues.behind(session, content).items():
        found = Overtaken(issue.id, story_id, head)
        if _off(session, story_id, head) and not _off(session, story_id, told[story_id]) and not _held(session, found):
            yield found


def _off(session: Session, story_id: int, revision: int) -> bool:
    content = stories.content(session, story_id, revision)
    return isinstance(content, Fair) and content.status in OFF


def _held(session: Session, found: Overtaken) -> bool:
    before = exists().where(Audit.action == ACTION, Audit.subject == found.name)
    return bool(session.scalar(select(before)))
