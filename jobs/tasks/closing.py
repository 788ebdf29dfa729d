"""Close issues of which nothing is open any more."""

import structlog

from jobs.tasks.deps import Deps
from newsletter import database
from newsletter.delivery import closing
from newsletter.errors import StateError
from newsletter.models import Issue

log = structlog.get_logger()


def close_issues(deps: Deps) -> int:
    """Close what is done, with its closing report; return how many issues were closed.

    The report is counted and written in a read, since it walks over every row of the issue; the write is short.
    An issue that lost a row stays open and is told of in the log; the others close all the same.
    """
    with database.reading(deps.engine) as session:
        waiting = closing.finished(session)
    return sum(_close(deps, issue_id) for issue_id in waiting)


def _close(deps: Deps, issue_id: int) -> bool:
    try:
        with database.reading(deps.engine) as session:
            drafted = closing.draft(session, deps.settings, session.get_one(Issue, issue_id))
    except StateError as error:
        log.critical("issue does not add up", issue=issue_id, why=str(error))
        return False
    if drafted is None:
        return False
    with database.writing(deps.engine) as session:
        return closing.close(session, session.get_one(Issue, issue_id), drafted, now=deps.now())
