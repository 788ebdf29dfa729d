"""What the clock does with an issue it has made: ask for approval, or let it go under a standing one."""

from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import approvals, audit, checks, issues
from newsletter.approvals import Prepared
from newsletter.config import Settings
from newsletter.errors import StateError
from newsletter.findings import Finding
from newsletter.models import Issue, SeriesRun
from newsletter.series import agreeing, keeping, letters, standing
from newsletter.series.rule import Rule

OPEN = ("made", "asked")
"""States of a run with which the clock still has something to do."""
TOLD_BEFORE = ("repeated",)
"""The checks whose warnings the rule itself answers: a calendar tells what an earlier issue told.

Not where the story was saved since: what a fair called off meanwhile says is for a person to look at.
"""
log = structlog.get_logger()


def open_runs(session: Session) -> Sequence[SeriesRun]:
    """Return the runs whose issue is not yet on its way, in the order in which they go out."""
    return session.scalars(select(SeriesRun).where(SeriesRun.state.in_(OPEN)).order_by(SeriesRun.send_at)).all()


def prepare(session: Session, settings: Settings, run: SeriesRun) -> Prepared | None:
    """Check and render the issue of a run that is to be frozen; None where there is nothing to render. Reads only."""
    issue = session.get_one(Issue, run.issue_id)
    if run.state != "made" or not _is_untouched(run, issue):
        return None
    return approvals.prepare(session, settings, issue)


def proceed(session: Session, settings: Settings, run: SeriesRun, prepared: Prepared | None, *, now: datetime) -> bool:
    """Take one step with a run's issue; return whether anything changed.

    An issue that somebody has changed is theirs. One that the checks do not let through waits for a
    person, who is told by letter: nothing goes out by itself that an editor would have had to look at.
    """
    session.refresh(run, with_for_update=True)
    issue = session.get_one(Issue, run.issue_id, with_for_update=True)
    if run.state == "made":
        return _begin(session, settings, run, issue, prepared, now=now)
    return run.state == "asked" and _follow(session, settings, run, issue, now=now)


def _begin(
    session: Session, settings: Settings, run: SeriesRun, issue: Issue, prepared: Prepared | None, *, now: datetime
) -> bool:
    series = keeping.get(session, run.series_id)
    rule = keeping.rule_of(series)
    if not _is_untouched(run, issue):
        return _end(session, run, "handed_over", "changed", now=now)
    if prepared is None:
        return False
    held = standing.in_force(session, settings, series, day=run.send_at.astimezone(settings.office.zone).date())
    agreed = held if rule.approval == "standing" else ()
    findings = _open_findings(
        session, issue, rule, prepared, editor_id=agreed[-1].editor_id if agreed else None, now=now
    )
    if findings or prepared.frozen is None:
        letters.handed_over(session, settings, run, issue, findings, now=now)
        return _end(session, run, "handed_over", "findings", now=now)
    if agreed:
        agreeing.agree(session, settings, issue, agreed, prepared.frozen, now=now)
    else:
        approvals.ask(session, settings, issue, editor_id=None, now=now, prepared=prepared)
        _end(session, run, "asked", "" if rule.approval == "ask" else "no_standing", now=now)
    return _follow(session, settings, run, issue, now=now) or True


def _follow(session: Session, settings: Settings, run: SeriesRun, issue: Issue, *, now: datetime) -> bool:
    """Schedule what has been approved; let go of what somebody has taken over."""
    if issue.state == "approved" and issue.frozen_revision == run.head:
        try:
            issues.schedule(session, issue, run.send_at, now=now, editor_id=None)
        except StateError:
            letters.late(session, settings, run, issue, now=now)
            return _end(session, run, "handed_over", "late", now=now)
        letters.scheduled(session, settings, run, issue, now=now)
        return _end(session, run, "scheduled", "", now=now)
    if issue.state in ("scheduled", "sending", "closed"):
        return _end(session, run, "scheduled", "by_hand", now=now)
    if issue.state == "asked" and run.send_at > now:
        return False
    if issue.state == "draft" and issue.head != run.head:
        return _end(session, run, "handed_over", "changed", now=now)
    if issue.state == "draft":
        letters.returned(session, settings, run, issue, now=now)
    elif issue.state == "asked":
        letters.late(session, settings, run, issue, now=now)
    reason = {"draft": "refused", "asked": "late"}.get(issue.state, "changed")
    return _end(session, run, "handed_over", reason, now=now)


def _open_findings(
    session: Session, issue: Issue, rule: Rule, prepared: Prepared, *, editor_id: int | None, now: datetime
) -> list[Finding]:
    """Return the errors, and the warnings that neither the rule answers nor anybody has ticked."""
    errors = [one for one in prepared.findings if one.severity == "error"]
    if rule.picking.again:
        old = issues.behind(session, issues.content(session, issue))
        answered = [one for one in prepared.findings if one.check in TOLD_BEFORE and one.story_id not in old]
        checks.tick(session, issue, answered, editor_id=editor_id, now=now)
    return [*errors, *checks.unticked(session, issue, prepared.findings)]


def _is_untouched(run: SeriesRun, issue: Issue) -> bool:
    return issue.state == "draft" and issue.head == run.head


def _end(session: Session, run: SeriesRun, state: str, reason: str, *, now: datetime) -> bool:
    run.state, run.reason, run.at = state, reason, now
    session.flush()
    told = {"day": run.day, "issue": run.issue_id, "reason": reason}
    audit.record(session, f"series {state}"[:32], f"series {run.series_id}", editor_id=None, now=now, **told)
    log.info("series run", series=run.series_id, run=run.id, state=state, reason=reason, issue=run.issue_id)
    return True
