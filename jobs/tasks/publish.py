"""Release what is due: the archive page becomes public, deliveries and posts are enlisted."""

import structlog

from jobs.tasks.deps import Deps
from newsletter import database, issues
from newsletter.issues import copies

log = structlog.get_logger()


def publish_due(deps: Deps) -> int:
    """Release every language whose time has come, each in a transaction of its own; return how many.

    Two clocks do no harm: the release is a guarded update with one winner.
    """
    now = deps.now()
    with database.reading(deps.engine) as session:
        ready = issues.due(session, now)
        due = [one.id for one in ready if not copies.waits(session, deps.settings, one, now=now)]
    released = 0
    for release_id in due:
        with database.writing(deps.engine) as session:
            if issues.release(session, deps.settings, issues.get_release(session, release_id), now=deps.now()):
                released += 1
                log.info("issue released", release=release_id)
    return released
