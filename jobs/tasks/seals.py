"""Look while an issue is on its way whether it still is what was approved."""

import structlog

from jobs.tasks.deps import Deps
from newsletter import corrections, database
from newsletter.approvals import sealed
from newsletter.models import Issue

log = structlog.get_logger()


def hold_unsealed(deps: Deps) -> int:
    """Pause what is being sent and is not what was approved any more; return how many issues.

    Between two looks some mail may leave; `publish_due` lets no language begin without one.
    """
    with database.reading(deps.engine) as session:
        issues = sealed.broken(session, deps.settings)
        shorts = corrections.broken(session, deps.settings)
    held = 0
    for issue_id in issues:
        with database.writing(deps.engine) as session:
            held += sealed.hold(session, deps.settings, session.get_one(Issue, issue_id), now=deps.now())
    for correction_id in shorts:
        with database.writing(deps.engine) as session:
            held += corrections.hold_broken(session, deps.settings, correction_id, now=deps.now())
    if held:
        log.error("not what was approved, held", issues=list(issues), corrections=list(shorts))
    return held
