"""Close an issue of which nothing is open any more, and tell the editors what became of it."""

import json
from datetime import datetime

import structlog
from sqlalchemy import literal_column, select, text, update
from sqlalchemy.orm import Session

from newsletter import audit, letters, urls, words
from newsletter.config import Settings
from newsletter.delivery import outbox, report
from newsletter.delivery.report import Report
from newsletter.errors import StateError
from newsletter.models import Delivery, Editor, Issue, Release
from subscribers import consent

log = structlog.get_logger()

_OPEN_STATES = ("state = 'queued'", outbox.HELD, "state = 'deferred'")
"""As the partial indexes have them, so that looking costs nothing however long the issue is."""


def close_if_done(session: Session, settings: Settings, issue: Issue, *, now: datetime) -> Report | None:
    """Close the issue and queue the report to every editor; return it, or None while anything is open.

    One caller wins. Raises StateError where the sum does not add up: then rows were lost, and a
    person must look before anything is called finished.
    """
    if issue.state != "sending" or _is_open(session, issue):
        return None
    built = report.build(session, issue)
    if built.open:
        return None
    if not built.adds_up:
        message = f"The report of issue {issue.number} does not add up: {report.sentences(built, 'en')}"
        raise StateError(message)
    head = consent.head(session)
    stored = built.as_dict() | {"ledger": {"line": head.sequence, "hash": head.hash.hex()} if head else None}
    closed = session.execute(
        update(Issue)
        .where(Issue.id == issue.id, Issue.state == "sending")
        .values(state="closed", closed_at=now, report=json.dumps(stored))
        .returning(Issue.id)
    ).all()
    if not closed:
        return None
    audit.record(session, "closed", f"issue {issue.id}", editor_id=None, now=now, enlisted=built.enlisted)
    _tell_editors(session, settings, issue, built, head=head, now=now)
    log.info("issue closed", issue=issue.id, enlisted=built.enlisted, sent=built.sent, uncertain=built.uncertain)
    return built


def _is_open(session: Session, issue: Issue) -> bool:
    unfinished = select(Release.id).where(Release.issue_id == issue.id, Release.state.in_(("planned", "held")))
    queries = [
        # The plus keeps SQLite from walking all rows of the issue by its other index.
        select(Delivery.id).where(literal_column("+delivery.issue_id") == issue.id, text(f"delivery.{states}"))
        for states in _OPEN_STATES
    ]
    return any(session.execute(query.limit(1)).first() for query in (unfinished, *queries))


def _tell_editors(
    session: Session, settings: Settings, issue: Issue, built: Report, *, head: consent.Head | None, now: datetime
) -> None:
    spoken = words.languages("report")
    editors = session.scalars(select(Editor).where(Editor.disabled_at.is_(None)).order_by(Editor.id))
    for editor in editors:
        language = editor.language if editor.language in spoken else "en"
        say = words.load("report", language)
        told = report.lines(built, language)
        if head is not None:
            told.append(say("ledger", line=f"{head.sequence:,}"))
        letters.write(
            session,
            settings,
            "report",
            language=language,
            to=editor.email,
            to_name=editor.name,
            once=f"report:{issue.id}:{editor.id}",
            now=now,
            template="report",
            heading=say("correction_heading" if issue.corrects_id else "heading", number=issue.called),
            lines=told,
            seal=head.hash.hex() if head else "",
            desk_label=say("desk"),
            desk_url=urls.desk_issue(settings, issue.id),
            why=say("why"),
        )
