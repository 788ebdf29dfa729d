"""What was found at links, kept so that checking an issue needs no network."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from newsletter import issues
from newsletter.checks.links import collecting
from newsletter.checks.links.probing import Probed
from newsletter.config import Settings
from newsletter.issues import views
from newsletter.models import Issue, Probe
from subscribers import guarded

OPEN = ("draft", "asked", "approved", "scheduled")
"""States in which a dead link can still be mended."""
FORGOTTEN_AFTER = timedelta(days=90)


def keep(session: Session, probed: Iterable[Probed], *, now: datetime) -> None:
    """Keep what was found, in place of what was found before; forget what nobody has looked at for long."""
    for one in probed:
        found = {"outcome": one.outcome, "status": one.status, "final": one.final, "at": now}
        if not guarded.insert(session, Probe, key=_key(one.target), target=one.target, **found):
            guarded.write(session, update(Probe).where(Probe.key == _key(one.target)).values(**found))
    session.execute(delete(Probe).where(Probe.at < now - FORGOTTEN_AFTER))


def known(session: Session, targets: Collection[str]) -> dict[str, Probe]:
    """Return what was found at these targets when they were last looked at."""
    wanted = [_key(target) for target in targets]
    return {probe.target: probe for probe in session.scalars(select(Probe).where(Probe.key.in_(wanted)))}


def due(session: Session, publication_id: int, *, older_than: datetime) -> list[str]:
    """Return the targets in issues that may still be mended and that were not looked at since `older_than`."""
    open_ones = select(Issue).where(Issue.publication_id == publication_id, Issue.state.in_(OPEN))
    targets: dict[str, None] = {}
    for issue in session.scalars(open_ones.order_by(Issue.id)):
        targets |= dict.fromkeys(of(session, issue))
    seen = known(session, targets)
    return [target for target in targets if target not in seen or seen[target].at < older_than]


def of(session: Session, issue: Issue) -> Sequence[str]:
    """Return every target in the newest revision of an issue, in order."""
    content = issues.content(session, issue)
    return list(collecting.targets(content, views.chosen(session, content)))


def _key(target: str) -> str:
    return hashlib.sha256(target.encode()).hexdigest()


def agent(settings: Settings) -> str:
    """Return how the program names itself to the sites it asks, so that their keepers can ask back."""
    return f"newsletter-links (+{settings.web.base_url})"
