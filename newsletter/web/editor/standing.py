"""How an issue stands: the one word and shape for it, and the moment that goes with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import issues
from newsletter.content import IssueContent
from newsletter.issues.states import LIVE
from newsletter.models import Issue, Release

PAGE = 50
"""Issues on one page of the list; an office makes a dozen or two a year."""


@dataclass(frozen=True)
class Entry:
    """One issue in the list."""

    issue: Issue
    state: str
    moment_name: str  # of the sentence in `issues.*`
    moment: datetime
    subjects: dict[str, str]  # by language


def entries(session: Session, publication_id: int, *, before: int | None = None) -> list[Entry]:
    """Return a page of issues, newest first, those with a smaller number than `before`."""
    known = Issue.publication_id == publication_id, Issue.kind == "issue"  # corrections stand with what they correct
    query = select(Issue).where(*known).order_by(Issue.number.desc()).limit(PAGE)
    found = session.scalars(query if before is None else query.where(Issue.number < before)).all()
    return [_entry(session, issue) for issue in found]


def state_of(issue: Issue) -> str:
    """Return the word for how an issue stands: its state, or that it is paused or waits for a decision."""
    if issue.state in LIVE and issue.paused_at is not None:
        return "paused"
    if issue.state in LIVE and held(issue):
        return "held"
    return issue.state


def held(issue: Issue) -> list[Release]:
    """Return the parts that were due too long ago and wait for a person."""
    return [release for release in issue.releases if release.state == "held"]


def due_at(issue: Issue) -> datetime | None:
    """Return when the next part goes out."""
    return min((release.due_at for release in issue.releases if release.state in ("planned", "held")), default=None)


def plan(issue: Issue) -> dict[str, datetime]:
    """Return when each language goes out that is planned and not out yet, the earliest first."""
    planned = [release for release in issue.releases if release.state == "planned"]
    return {release.language: release.due_at for release in sorted(planned, key=lambda one: one.due_at)}


def began_at(issue: Issue) -> datetime | None:
    """Return when the first part went out."""
    return min((release.released_at for release in issue.releases if release.released_at), default=None)


def shown(session: Session, issue: Issue) -> IssueContent:
    """Return what the desk shows of an issue: what was frozen, or the newest revision of a draft."""
    return issues.content(session, issue, issue.frozen_revision)


def ordered(content: IssueContent, languages: Sequence[str]) -> list[str]:
    """Return the languages an issue has words in, in the order of the settings."""
    return [language for language in languages if language in content.texts]


def moment_of(issue: Issue, content: IssueContent) -> tuple[str, datetime]:
    """Return the moment that matters now, and the name of its sentence (`issues.*`)."""
    if issue.state == "closed" and issue.closed_at:
        return "closed", issue.closed_at
    if began := began_at(issue):
        return "sending", began
    if issue.state == "scheduled" and (due := due_at(issue)):
        return ("held" if held(issue) else "scheduled"), due
    if content.send_at and issue.state != "cancelled":
        return "draft", content.send_at
    return "created", issue.created_at


def _entry(session: Session, issue: Issue) -> Entry:
    content = shown(session, issue)
    name, moment = moment_of(issue, content)
    subjects = {language: text.subject for language, text in content.texts.items()}
    return Entry(issue, state_of(issue), name, moment, subjects)
