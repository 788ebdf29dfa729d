"""What the checks found in a draft: what must be mended, what an editor lets stand, and how its links are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Form
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from newsletter import checks, database, issues
from newsletter.checks import links, ticks
from newsletter.findings import Finding
from newsletter.models import Editor, Issue
from newsletter.web.dependencies import WithContext
from newsletter.web.editor import route
from newsletter.web.editor.desk import AtDesk

PAGE_SECONDS = 20.0
"""How long an editor waits at most for a look at all links; what is left over is the clock's."""

router = route.router()


@dataclass(frozen=True)
class Warned:
    """A warning, and who has let it stand."""

    finding: Finding
    name: str  # empty: nobody has, or it was the command line
    at: datetime | None  # none: it waits for a tick


@dataclass(frozen=True)
class Looked:
    """How the links of an issue are known."""

    targets: int
    seen: int  # those looked at
    oldest: datetime | None  # when the one longest ago was


@dataclass(frozen=True)
class Findings:
    """What an issue's page shows of the checks."""

    errors: Sequence[Finding]
    warnings: Sequence[Warned]
    links: Looked

    @property
    def unticked(self) -> int:
        """Return how many warnings wait for somebody."""
        return sum(one.at is None for one in self.warnings)


def of(session: Session, issue: Issue, found: Sequence[Finding]) -> Findings:
    """Return what was found with the ticks that are there."""
    known = ticks.of(session, issue)
    names = dict(session.execute(select(Editor.id, Editor.name)).all())
    warned = []
    for finding in found:
        if finding.severity == "warning":
            tick = known.get(finding.fingerprint)
            name = names.get(tick.editor_id or 0, "") if tick else ""
            warned.append(Warned(finding, name, tick.at if tick else None))
    errors = [finding for finding in found if finding.severity == "error"]
    return Findings(errors, sorted(warned, key=lambda one: one.at is not None), _looked(session, issue))


@router.post("/issues/{issue_id:int}/ticks")
def tick(
    at: AtDesk,
    context: WithContext,
    issue_id: int,
    shown: Annotated[tuple[str, ...], Form()] = (),
    stands: Annotated[tuple[str, ...], Form()] = (),
) -> Response:
    """Keep which of the warnings that were shown may stand; those that are no longer found are left alone."""
    with database.reading(context.engine) as session:
        found = checks.run(session, context.settings, issues.get(session, issue_id), speak=at.language)
    with database.writing(context.engine) as session:
        issue = issues.get(session, issue_id)
        let = [finding for finding in found if finding.fingerprint in set(shown) & set(stands)]
        checks.tick(session, issue, let, editor_id=at.editor.id, now=at.now)
        for fingerprint in set(shown) - set(stands):
            checks.untick(session, issue, fingerprint, editor_id=at.editor.id, now=at.now)
    return at.go(at.links.issue(issue_id, done="ticked") + "#findings")


@router.post("/issues/{issue_id:int}/links")
def look(at: AtDesk, context: WithContext, issue_id: int) -> Response:
    """Look at every link of the issue now; no transaction is open meanwhile."""
    settings = context.settings
    with database.reading(context.engine) as session:
        targets = links.of(session, issues.get(session, issue_id))
    found = links.probe(
        targets,
        agent=links.agent(settings),
        seconds=settings.checks.link_seconds,
        round_seconds=PAGE_SECONDS,
        loopback=settings.checks.links_on_this_machine,
    )
    with database.writing(context.engine) as session:
        links.keep(session, found, now=at.now)
    return at.go(at.links.issue(issue_id, done="looked") + "#links")


def _looked(session: Session, issue: Issue) -> Looked:
    targets = links.of(session, issue)
    known = links.known(session, targets)
    return Looked(len(targets), len(known), min((probe.at for probe in known.values()), default=None))
