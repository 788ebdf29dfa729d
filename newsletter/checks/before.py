"""What earlier issues told, and how many they reached."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from newsletter.checks.material import Reached, Told
from newsletter.content import IssueContent
from newsletter.models import Issue, Release, Revision

COMING = ("asked", "approved", "scheduled")
"""States of issues that readers are about to get."""
RELEASED = ("sending", "closed")
"""States of issues that readers have got."""
MOST = 60
"""Issues looked back on: more than a year of a weekly one."""
_BROKEN_OFF = and_(Issue.state == "cancelled", Issue.releases.any(Release.released_at.is_not(None)))
"""Some readers have got it all the same."""


def told(session: Session, issue: Issue, content: IssueContent) -> dict[int, Told]:
    """Return which of the stories of `content` another issue tells, and in which revision; the newest issue counts.

    Its number may be the higher one, and readers need not have it yet: a story on its way twice is told twice.
    A correction tells again on purpose, and is not looked at on either side.
    """
    if issue.kind == "correction":
        return {}
    wanted = {choice.story_id for choice in content.stories}
    found: dict[int, Told] = {}
    for earlier, said in _others(session, issue, or_(Issue.state.in_((*COMING, *RELEASED)), _BROKEN_OFF)):
        for choice in said.stories:
            if choice.story_id in wanted:
                found.setdefault(choice.story_id, Told(earlier.number, choice.revision))
    return found


def reached(session: Session, issue: Issue, content: IssueContent) -> Reached | None:
    """Return the newest issue before that was sent to the same audience, and its number of readers."""
    if issue.kind == "correction":
        return None
    for earlier, said in _others(session, issue, and_(Issue.state.in_(RELEASED), Issue.number < issue.number)):
        if said.audience == content.audience:
            sent = select(func.sum(Release.enlisted)).where(Release.issue_id == earlier.id)
            return Reached(earlier.number, session.scalar(sent) or 0)
    return None


def _others(session: Session, issue: Issue, wanted: ColumnElement[bool]) -> Sequence[tuple[Issue, IssueContent]]:
    """Return the other issues that are `wanted` with what was frozen of them, newest first."""
    frozen = (Revision.subject_id == Issue.id) & (Revision.number == Issue.frozen_revision)
    query = (
        select(Issue, Revision.content)
        .join(Revision, frozen & (Revision.subject_kind == "issue"))
        .where(
            Issue.publication_id == issue.publication_id,
            Issue.id != issue.id,
            Issue.kind == "issue",
            wanted,
        )
        .order_by(Issue.number.desc())
        .limit(MOST)
    )
    return [(earlier, IssueContent.model_validate_json(said)) for earlier, said in session.execute(query)]
