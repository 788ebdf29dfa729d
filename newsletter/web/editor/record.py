"""The record of an approval on one sheet of paper: who agreed to what, when, in which seat."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from newsletter import freezing, issues
from newsletter.approvals import chain, lines, turns
from newsletter.checks import ticks
from newsletter.models import Approval, Editor, Issue
from newsletter.web.dependencies import Reading
from newsletter.web.editor import approving, route, standing
from newsletter.web.editor.desk import AtDesk, Desk

MOST_LINES = 12
"""What fits on the sheet below the seats; what was said before that is counted."""
MOST_WORDS = 140
"""Characters of a comment; the whole of it stands on the issue's page."""

router = route.router()


@dataclass(frozen=True)
class Box:
    """One seat as it is signed on paper."""

    title: str
    line: Approval | None
    name: str


@dataclass(frozen=True)
class Said:
    """One line of what was said."""

    line: Approval
    name: str
    seat: str
    comment: str


@router.get("/issues/{issue_id:int}/record")
def show(at: AtDesk, session: Reading, issue_id: int) -> Response:
    """Return the record of an issue, to be printed."""
    issue = issues.get(session, issue_id)
    history = lines.history(session, issue)
    names = dict(session.execute(select(Editor.id, Editor.name)).all())
    content = standing.shown(session, issue)
    ticked = list(ticks.of(session, issue).values())
    said = [_said(at, line, names.get(line.editor_id or 0, "")) for line in history]
    return at.page(
        "record",
        here=at.links.issue(issue_id, "record"),
        issue=issue,
        content=content,
        spoken=standing.ordered(content, at.context.settings.publication.languages),
        times=turns.send_times(content),
        releases=[one for one in issue.releases if one.released_at],
        boxes=_boxes(at, issue, history, names),
        alone=not at.context.settings.approval.required,
        said=said[-MOST_LINES:],
        earlier=len(said) - len(said[-MOST_LINES:]),
        ticks=ticked,
        tickers=sorted({names.get(one.editor_id or 0, "") or at.words("issue.somebody") for one in ticked}),
        seal=_seal(at, session, issue),
        now=at.now,
    )


def _boxes(at: Desk, issue: Issue, history: Sequence[Approval], names: dict[int, str]) -> list[Box]:
    """Return the seats of what is frozen: those that agreed as they were named then, and those still to come."""
    agreed = chain.given(history, issue.frozen_hash or "") if issue.frozen_hash else []
    signed = [Box(approving.title_of(line, at.language), line, names.get(line.editor_id or 0, "")) for line in agreed]
    if issue.state not in ("draft", "asked"):
        return signed
    taken = {line.seat for line in agreed}
    open_seats = [one for one in chain.seats(at.context.settings) if one.stored not in taken]
    return signed + [Box(one.named(at.language), None, "") for one in open_seats]


def _said(at: Desk, line: Approval, name: str) -> Said:
    comment = line.comment if line.decision in ("given", "refused") else ""
    short = comment if len(comment) <= MOST_WORDS else f"{comment[:MOST_WORDS].rstrip()} …"
    return Said(line, name, approving.title_of(line, at.language), " ".join(short.split()))


def _seal(at: Desk, session: Session, issue: Issue) -> str:
    """Return whether what is stored is what was approved: good, broken, or none where nothing is frozen."""
    if issue.frozen_hash is None:
        return "none"
    return "good" if freezing.digest(session, at.context.settings, issue) == issue.frozen_hash else "broken"
