"""Asking for approval: the issue is checked and frozen, and the first seat's turn begins."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from newsletter import checks, freezing
from newsletter.approvals import lines, rounds
from newsletter.config import Settings
from newsletter.errors import CheckFailedError
from newsletter.findings import Finding
from newsletter.freezing import Frozen
from newsletter.issues import states
from newsletter.models import Issue


@dataclass(frozen=True)
class Prepared:
    """The slow part of asking, done while nobody has to wait: what was found, and what would be frozen."""

    findings: list[Finding]
    frozen: Frozen | None  # none where an error was found


def prepare(session: Session, settings: Settings, issue: Issue, *, speak: str = "en") -> Prepared:
    """Run the checks and render the issue; reads only. Findings are worded in `speak`."""
    findings = checks.run(session, settings, issue, speak=speak)
    faulty = any(finding.severity == "error" for finding in findings)
    return Prepared(findings, None if faulty else freezing.render(session, settings, issue))


def ask(
    session: Session,
    settings: Settings,
    issue: Issue,
    *,
    editor_id: int | None,
    now: datetime,
    prepared: Prepared | None = None,
) -> None:
    """Freeze a draft, so that the first seat is asked; where no approval is required it is approved at once.

    The letters follow from that: `mailing.due` finds them, `mailing.send` queues them.
    `prepared` keeps the write transaction short. Raises CheckFailedError with the findings, where one is an
    error or a warning that nobody has ticked, StaleError where the issue was saved since it was prepared,
    StateError for what is not a draft.
    """
    if issue.state != "draft":
        raise states.refuse(issue, "be sent for approval")
    ready = prepared or prepare(session, settings, issue)
    if ready.frozen is None or checks.unticked(session, issue, ready.findings):
        raise CheckFailedError(ready.findings)
    if not states.move(session, issue, "asked", of=("draft",)):
        raise states.refuse(issue, "be sent for approval")
    freezing.store(session, settings, issue, ready.frozen, now=now)
    lines.add(session, issue, "asked", editor_id=editor_id, now=now)
    rounds.keep(session, settings, issue, now=now)
    if settings.approval.required:
        return
    states.move(session, issue, "approved", of=("asked",))
    lines.add(session, issue, "given", editor_id=editor_id, now=now)
