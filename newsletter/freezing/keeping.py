"""Keep what was rendered: one revision's editions, pages and posts take the place of those before."""

from datetime import datetime, time, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from newsletter import audit, links
from newsletter.archive import cards
from newsletter.config import Settings
from newsletter.errors import StaleError
from newsletter.freezing import frozen as rendered
from newsletter.freezing import seal
from newsletter.freezing.frozen import Frozen
from newsletter.issues import printing, states
from newsletter.models import ArchivePage, Edition, Issue, Post


def freeze(session: Session, settings: Settings, issue: Issue, *, now: datetime) -> str:
    """Render and store the newest revision and return its hash; what was frozen before is replaced.

    Raises StateError once a part was released.
    """
    return store(session, settings, issue, rendered.render(session, settings, issue), now=now)


def store(session: Session, settings: Settings, issue: Issue, frozen: Frozen, *, now: datetime) -> str:
    """Keep what was rendered and return its hash.

    Raises StaleError where the issue was saved since, StateError once a part was released.
    """
    change = update(Issue).where(Issue.head == frozen.revision, Issue.state.in_(states.OPEN))
    if not states.put(session, issue, change.values(frozen_revision=frozen.revision)):
        if issue.head != frozen.revision:
            raise StaleError
        raise states.refuse(issue, "be frozen again")
    for model in (Edition, ArchivePage, Post):
        session.execute(delete(model).where(model.issue_id == issue.id))
    for page in frozen.pages:
        cards.keep(session, page, now=now)
    session.add_all([*frozen.editions, *frozen.pages, *frozen.posts])
    links.keep(session, issue.id, issue.slug, frozen.links)
    session.flush()
    midnight = datetime.combine(frozen.day + timedelta(days=1), time(), settings.office.zone)
    issue.frozen_until, issue.frozen_hash = midnight, seal.digest(session, settings, issue)
    printing.mark(session, settings, issue)
    session.flush()
    audit.record(
        session,
        "freeze",
        f"issue {issue.id}",
        editor_id=None,
        now=now,
        revision=frozen.revision,
        hash=issue.frozen_hash,
    )
    return issue.frozen_hash
