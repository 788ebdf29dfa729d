"""Delete pictures and flyers that nothing refers to any more, once a day."""

from datetime import datetime, timedelta

import structlog

from jobs.tasks.deps import Deps
from newsletter import database
from newsletter.models import Flyer, Image
from newsletter.stories import unused

log = structlog.get_logger()


def forget_unused(deps: Deps) -> int:
    """Delete files that came long ago (`stories.unused_days`) and that nothing names; return how many.

    Everything that was ever written is read through for that, in small steps and outside any write transaction.
    """
    before = deps.now() - timedelta(days=deps.settings.stories.unused_days)
    forgotten = sum(_forget(deps, kind, before) for kind in (Image, Flyer))
    if forgotten:
        log.info("unused files deleted", files=forgotten)
    return forgotten


def _forget(deps: Deps, kind: type[Image | Flyer], before: datetime) -> int:
    done, after = 0, ""
    while True:
        with database.reading(deps.engine) as session:
            hashes, after = unused.find(session, kind, before=before, after=after)
        if hashes:
            with database.writing(deps.engine) as session:
                done += unused.forget(session, kind, hashes, before=before)
        if not after:
            return done
