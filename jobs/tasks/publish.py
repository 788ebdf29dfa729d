"""Release what is due: the archive page becomes public, deliveries and posts are enlisted."""

import structlog

from jobs.tasks.corrections import hold_overtaken
from jobs.tasks.deps import Deps
from newsletter import database, issues, journal
from newsletter.approvals import sealed
from newsletter.issues import copies
from newsletter.models import Issue

log = structlog.get_logger()


def publish_due(deps: Deps) -> int:
    """Release every language whose time has come, each in a transaction of its own; return how many.

    Two clocks do no harm: the release is a guarded update with one winner. What is no longer what was
    approved is held, as is what would announce a fair that is off, and the editors are told.
    """
    if journal.is_held(deps.engine):
        return 0
    hold_overtaken(deps)
    due, broken = _look(deps)
    for issue_id in broken:
        with database.writing(deps.engine) as session:
            if sealed.hold(session, deps.settings, session.get_one(Issue, issue_id), now=deps.now()):
                log.error("not what was approved, held", issue=issue_id)
    released = 0
    for release_id in due:
        with database.writing(deps.engine) as session:
            if issues.release(session, deps.settings, issues.get_release(session, release_id), now=deps.now()):
                released += 1
                log.info("issue released", release=release_id)
    return released


def _look(deps: Deps) -> tuple[list[int], set[int]]:
    """Return the releases that may go out, and the issues that may not for their seal is broken."""
    now = deps.now()
    with database.reading(deps.engine) as session:
        ready = [one for one in issues.due(session, now) if not copies.waits(session, deps.settings, one, now=now)]
        broken = {issue.id for issue in {one.issue for one in ready} if sealed.is_broken(session, deps.settings, issue)}
        return [one.id for one in ready if one.issue_id not in broken], broken
