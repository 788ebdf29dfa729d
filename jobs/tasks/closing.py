"""Close issues of which nothing is open any more."""

import structlog
from sqlalchemy import select

from jobs.tasks.deps import Deps
from newsletter import database
from newsletter.delivery import closing
from newsletter.models import Issue

log = structlog.get_logger()


def close_issues(deps: Deps) -> int:
    """Close what is done, with its closing report; return how many issues were closed."""
    with database.reading(deps.engine) as session:
        sending = session.scalars(select(Issue.id).where(Issue.state == "sending")).all()
    closed = 0
    for issue_id in sending:
        with database.writing(deps.engine) as session:
            issue = session.get_one(Issue, issue_id)
            if closing.close_if_done(session, deps.settings, issue, now=deps.now()):
                closed += 1
                log.info("issue closed", issue=issue_id)
    return closed
