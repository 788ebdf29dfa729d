"""What must be asked before anything may be sent again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from newsletter.journal import Witness, standing
from newsletter.models import Installation, Issue, Post, Release
from newsletter.restoring import telling
from newsletter.restoring.telling import Told

_UNDER_WAY = ("planned", "waiting", "publishing")


@dataclass(frozen=True)
class Question:
    """One issue of which a person must say whether it was sent."""

    issue_id: int
    number: int
    state: str  # as this database has it
    released_at: datetime | None  # as the journal has it; none: it says nothing of it
    closed: bool  # the journal says that all of it was over


@dataclass(frozen=True)
class Finding:
    """What stands between this database and sending again."""

    reason: str  # one of `journal.REASONS`, or empty
    since: datetime | None  # when the last thing happened that the database knows
    told: Told
    questions: tuple[Question, ...]
    gone: tuple[int, ...]  # numbers of issues that went out and that the database does not know
    posts: tuple[int, ...]  # posts that may be on the page


def find(session: Session, witness: Witness, *, with_journal: bool, now: datetime) -> Finding:
    """Return what is known; without the journal every issue and post that was due is in question.

    Raises JournalError.
    """
    row = session.scalars(select(Installation)).one()
    lines = witness.journal.since(row.sequence) if with_journal else []
    told = telling.read(lines)
    known = {issue.id: issue for issue in session.scalars(_begun(told, now))}
    questions = tuple(_question(issue, told) for issue in sorted(known.values(), key=lambda issue: issue.number))
    gone = tuple(sorted(issue.number for issue_id, issue in told.released.items() if issue_id not in known))
    since = min((line.at for line in lines), default=None)
    posts = tuple(
        session.scalars(select(Post.id).where(_in_question(told, with_journal=with_journal)).order_by(Post.id))
    )
    return Finding(standing.held(session), since, told, questions, gone, posts)


def _begun(told: Told, now: datetime) -> Select[Issue]:
    due = select(Release.id).where(
        Release.issue_id == Issue.id, Release.state.in_(("planned", "held")), Release.due_at <= now
    )
    waiting = (Issue.state == "scheduled") & due.exists()
    return select(Issue).where(or_(Issue.state == "sending", waiting, Issue.id.in_(list(told.released))))


def _question(issue: Issue, told: Told) -> Question:
    released = told.released.get(issue.id)
    at = min(released.languages.values()) if released else None
    return Question(issue.id, issue.number, issue.state, at, issue.id in told.closed)


def _in_question(told: Told, *, with_journal: bool) -> ColumnElement[bool]:
    claimed = Post.id.in_(list(told.claimed)) & Post.state.in_((*_UNDER_WAY, "frozen"))
    return claimed if with_journal else Post.state.in_(_UNDER_WAY)
