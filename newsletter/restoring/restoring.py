"""One transaction that makes a restored database fit to send again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from newsletter import audit
from newsletter.config import Settings
from newsletter.errors import StateError
from newsletter.journal import Witness, adopting, replay
from newsletter.models import Installation, Issue, Letter, Post, Series
from newsletter.restoring import answers, finding, numbers
from newsletter.restoring.answers import OPEN, Answer
from newsletter.restoring.finding import Finding
from subscribers import noted

log = structlog.get_logger()


@dataclass(frozen=True)
class Restored:
    """What was done."""

    wishes: int  # people unsubscribed, held or erased again
    back: int  # people who had confirmed again meanwhile and must ask once more
    issues: int
    posts: int  # looked for on the page
    letters: int  # not sent again
    series: int  # stopped


def restore(
    session: Session,
    settings: Settings,
    witness: Witness,
    given: Mapping[int, Answer],
    *,
    with_journal: bool = True,
    now: datetime,
) -> Restored:
    """Carry out the wishes of people, the `given` answers by issue number, and let sending begin again.

    Idempotent up to its commit: whatever ends it, it can be done again. Without the journal a new one
    begins, the old one is kept beside it. Raises StateError where an issue has no answer, and JournalError.
    """
    found = finding.find(session, witness, with_journal=with_journal, now=now)
    _refuse_silence(found, given)
    wishes = replay.replay(session, found.told.lines, keys=witness.keys, now=now)
    letters = _doubt_letters(session, now=now)
    for question in found.questions:
        issue = session.get_one(Issue, question.issue_id)
        released = found.told.released.get(issue.id)
        answers.apply(session, settings, issue, given[question.number], released=released, now=now)
    claimed = select(Post).where(Post.id.in_(found.posts), Post.state != "in_doubt")
    answers.doubt(session, session.scalars(claimed).all(), now=now)
    series = _stop_series(session, now=now)
    numbers.leave_gap(session, now=now)
    noted.take(session)  # all of that is in the journal, or happened before there was one
    row = adopting.adopt(session, witness, anew=not with_journal, now=now)
    audit.record(session, "restore", f"generation {row.generation}", editor_id=None, now=now, journal=with_journal)
    log.warning("restored", generation=row.generation, wishes=wishes.carried_out, issues=len(found.questions))
    return Restored(wishes.carried_out, wishes.back, len(found.questions), len(found.posts), letters, series)


def _refuse_silence(found: Finding, given: Mapping[int, Answer]) -> None:
    missing = [str(question.number) for question in found.questions if question.number not in given]
    if missing:
        message = f"Say of each issue whether it was sent: {', '.join(missing)}. Nothing was changed."
        raise StateError(message)


def _doubt_letters(session: Session, *, now: datetime) -> int:
    """Let letters go that the copy still has to send: they were written before, and most of them arrived."""
    since = session.scalars(select(Installation.held_at)).one() or now
    old = update(Letter).where(Letter.state.in_(OPEN), Letter.created_at <= since)
    values = {"state": "uncertain", "reason": answers.REASON, "settled_at": now, "next_at": None}
    return len(session.scalars(old.values(values).returning(Letter.id)).all())


def _stop_series(session: Session, *, now: datetime) -> int:
    """Stop series, which might make an issue a second time that the copy does not know."""
    stopped = session.scalars(
        update(Series).where(Series.state == "running").values(state="stopped").returning(Series.id)
    ).all()
    for series_id in stopped:
        audit.record(session, "stop", f"series {series_id}", editor_id=None, now=now)
    return len(stopped)
