"""Parts of an issue that wait although the day printed in them is over: a correction gives them a new one.

A second language may be held up past midnight by a correction of the first, by the office's copy or by a
person. It never leaves with another date than its approvers saw: each correction that is prepared after
that day prints the new one, which its approval covers.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from newsletter import issues
from newsletter.content import IssueContent
from newsletter.issues import printing
from newsletter.models import Issue, Release

WAITING = ("planned", "held")


def overdue(issue: Issue, *, now: datetime) -> list[str]:
    """Return the languages that are still to go out and whose printed day is over."""
    return [one.language for one in _waiting(issue) if printing.is_over(issue, one.language, now=now)]


def redated(issue: Issue, content: IssueContent, *, now: datetime) -> IssueContent:
    """Return the content with today's day for the languages that are overdue."""
    late = dict.fromkeys(overdue(issue, now=now), now)
    return content.model_copy(update={"later": {**content.later, **late}}) if late else content


def plan(session: Session, issue: Issue, *, base: int | None, now: datetime) -> list[str]:
    """Let languages go out at once that got another time than in revision `base`; return them.

    Call it when the approved revision is the frozen one. One whose new day is over as well is held
    when it comes to its release.
    """
    before, after = (issues.content(session, issue, one) for one in (base, issue.frozen_revision))
    moved = [one for one in _waiting(issue) if after.later.get(one.language) != before.later.get(one.language)]
    for release in moved:
        release.state, release.due_at = "planned", max(after.later[release.language], now)
        release.as_printed = False
    session.flush()
    return [release.language for release in moved]


def _waiting(issue: Issue) -> list[Release]:
    return [release for release in issue.releases if release.state in WAITING]
