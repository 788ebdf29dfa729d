"""Close an issue of which nothing is open any more, and tell the editors what became of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import and_, exists, literal_column, or_, select, text, update
from sqlalchemy.orm import Session

from newsletter import audit, letters, links, urls, words
from newsletter.config import Settings
from newsletter.delivery import outbox, report
from newsletter.delivery.report import Report
from newsletter.errors import StateError
from newsletter.letters import Written
from newsletter.models import Delivery, Editor, Issue, Release
from subscribers import consent, noted

log = structlog.get_logger()

_OPEN_STATES = ("state = 'queued'", outbox.HELD, "state = 'deferred'")
"""As the partial indexes have them, so that looking costs nothing however long the issue is."""


@dataclass(frozen=True)
class Drafted:
    """A report that adds up, and the letters that carry it, not yet queued."""

    built: Report
    stored: str  # JSON
    letters: Sequence[tuple[int, str, str, Written]]  # editor, address, name


def finished(session: Session) -> Sequence[int]:
    """Return the issues that may be ready for their report: being sent, or cancelled after they had begun."""
    began = exists().where(Release.issue_id == Issue.id, Release.released_at.is_not(None))
    stopped = and_(Issue.state == "cancelled", Issue.closed_at.is_(None), began)
    return session.scalars(select(Issue.id).where(or_(Issue.state == "sending", stopped))).all()


def draft(session: Session, settings: Settings, issue: Issue) -> Drafted | None:
    """Return the report of an issue of which nothing is open any more, else None; reads every row and takes no lock.

    Raises StateError where the sum does not add up: then rows were lost, and a person must look
    before anything is called finished.
    """
    if not _is_due(issue) or _is_open(session, issue):
        return None
    built = report.build(session, issue)
    if built.open:
        return None
    if not built.adds_up:
        message = f"The report of issue {issue.number} does not add up: {report.sentences(built, 'en')}"
        raise StateError(message)
    head = consent.head(session)
    kept = built.as_dict() | {
        "ledger": {"line": head.sequence, "hash": head.hash.hex()} if head else None,
        "links": [one.as_dict() for one in links.clicks(session, issue.id)],
        "earlier": _earlier(issue),
    }
    editors = session.scalars(select(Editor).where(Editor.disabled_at.is_(None)).order_by(Editor.id)).all()
    written = {one: _letter(settings, issue, built, head, one) for one in {editor.language for editor in editors}}
    told = [(editor.id, editor.email, editor.name, written[editor.language]) for editor in editors]
    return Drafted(built, json.dumps(kept), told)


def close(session: Session, issue: Issue, drafted: Drafted, *, now: datetime) -> bool:
    """Close the issue with its report and queue the letters; return False where something has opened meanwhile.

    One caller wins. Short: it looks only at what is open. A cancelled issue stays cancelled.
    """
    # The issue's row first: whoever resumes, cancels or sends again is before us, or waits for us.
    row = select(Issue.state, Issue.closed_at).where(Issue.id == issue.id).with_for_update()
    if session.execute(row).one() != (issue.state, None) or _is_open(session, issue):
        return False
    built, state = drafted.built, "closed" if issue.state == "sending" else issue.state
    values = {"state": state, "closed_at": now, "report": drafted.stored}
    session.execute(update(Issue).where(Issue.id == issue.id).values(values))
    noted.note(session, "closed", now=now, issue=issue.id, number=issue.number)
    audit.record(session, "closed", f"issue {issue.id}", editor_id=None, now=now, enlisted=built.enlisted)
    for editor_id, address, name, written in drafted.letters:
        once = f"report:{issue.id}:{now:%Y%m%dT%H%M%S}:{editor_id}"  # each wave has its own
        letters.queue(session, "report", written, to=address, to_name=name, once=once, now=now)
    log.info("issue closed", issue=issue.id, enlisted=built.enlisted, sent=built.sent, uncertain=built.uncertain)
    return True


def close_if_done(session: Session, settings: Settings, issue: Issue, *, now: datetime) -> Report | None:
    """Draft and close in one transaction, where readers are few; return the report, or None. Raises as `draft`."""
    drafted = draft(session, settings, issue)
    return drafted.built if drafted and close(session, issue, drafted, now=now) else None


def stored(issue: Issue) -> dict[str, Any]:
    """Return the report as it was mailed, with the ledger's head and the reports of earlier waves; empty before."""
    kept: dict[str, Any] = json.loads(issue.report or "{}")
    return kept


def _is_due(issue: Issue) -> bool:
    if issue.state == "cancelled":
        return issue.closed_at is None and any(release.released_at for release in issue.releases)
    return issue.state == "sending"


def _earlier(issue: Issue) -> list[dict[str, Any]]:
    """Return the reports before this one, without their tables: those of earlier waves."""
    before = stored(issue)
    if not before:
        return []
    kept = {name: value for name, value in before.items() if not name.startswith("by_") and name != "links"}
    return [*kept.pop("earlier", []), kept]


def _is_open(session: Session, issue: Issue) -> bool:
    unfinished = select(Release.id).where(Release.issue_id == issue.id, Release.state.in_(("planned", "held")))
    queries = [
        # The plus keeps SQLite from walking all rows of the issue by its other index.
        select(Delivery.id).where(literal_column("+delivery.issue_id") == issue.id, text(f"delivery.{states}"))
        for states in _OPEN_STATES
    ]
    return any(session.execute(query.limit(1)).first() for query in (unfinished, *queries))


def _letter(settings: Settings, issue: Issue, built: Report, head: consent.Head | None, language: str) -> Written:
    spoken = language if language in words.languages("report") else "en"
    say = words.load("report", spoken)
    told = report.lines(built, spoken, settings)
    if head is not None:
        told.append(say("ledger", line=f"{head.sequence:,}"))
    return letters.compose(
        settings,
        "report",
        language=spoken,
        heading=say("correction_heading" if issue.corrects_id else "heading", number=issue.called),
        lines=told,
        seal=head.hash.hex() if head else "",
        desk_label=say("desk"),
        desk_url=urls.desk_issue(settings, issue.id),
        why=say("why"),
    )
