"""What earlier issues told, and how many they reached."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsletter.checks.material import Reached, Told
from newsletter.content import IssueContent
from newsletter.models import Issue, Release, Revision

RELEASED = ("scheduled", "sending", "closed")
"""States of issues that readers have got, or are about to."""
MOST = 60
"""Issues looked back on: more than a year of a weekly one."""


def told(session: Session, issue: Issue, content: IssueContent) -> dict[int, Told]:
    """Return which of the stories of `content` an issue before has told, and in which revision; the newest counts.

    A correction tells again on purpose, and is not looked at on either side.
    """
    if issue.kind == "correction":
        return {}
    wanted = {choice.story_id for choice in content.stories}
    found: dict[int, Told] = {}
    for earlier, said in _earlier(session, issue):
        for choice in said.stories:
            if choice.story_id in wanted:
                found.setdefault(choice.story_id, Told(earlier.number, choice.revision))
    return found


def reached(session: Session, issue: Issue, content: IssueContent) -> Reached | None:
    """Return the newest issue before that was sent to the same audience, and its number of readers."""
    if issue.kind == "correction":
        return None
    for earlier, said in _earlier(session, issue):
        if said.audience == content.audience and earlier.state != "scheduled":
            sent = select(func.sum(Release.enlisted)).where(Release.issue_id == earlier.id)
            return Reached(earlier.number, session.scalar(sent) or 0)
    return None


def _earlier(session: Session, issue: Issue) -> Sequence[tuple[Issue, IssueContent]]:
    """Return the issues before with what was frozen of them, newest first."""
    frozen = (Revision.subject_id == Issue.id) & (Revision.number == Issue.frozen_revision)
    query = (
        select(Issue, Revision.content)
        .join(Revision, frozen & (Revision.subject_kind == "issue"))
        .where(
            Issue.publication_id == issue.publication_id,
            Issue.number < issue.number,
            Issue.kind == "issue",
            Issue.state.in_(RELEASED),
        )
        .order_by(Issue.number.desc())
        .limit(MOST)
    )
    return [(earlier, IssueContent.model_validate_json(said)) for earlier, said in session.execute(query)]
