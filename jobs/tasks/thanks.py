"""Tell those who proposed a story what became of it, once its issue has closed."""

from collections import Counter
from datetime import timedelta

import structlog
from sqlalchemy.orm import Session

from jobs.tasks.deps import Deps
from newsletter import database, links, proposals
from newsletter.models import Issue, Proposal

log = structlog.get_logger()


def thank_proposers(deps: Deps) -> int:
    """Queue the letters that are due, each once; return how many."""
    after = timedelta(hours=deps.settings.stories.thanks_after_hours)
    with database.reading(deps.engine) as session:
        waiting = proposals.due(session, deps.publication_id, after=after, now=deps.now())
        due = [(issue.id, one.id) for issue, one in waiting]
    thanked = 0
    for issue_id, proposal_id in due:
        with database.writing(deps.engine) as session:
            issue, proposal = session.get_one(Issue, issue_id), session.get(Proposal, proposal_id)
            if proposal is None:
                continue
            clicks = _clicks(session, deps, issue_id)
            if proposals.thank(session, deps.settings, issue, proposal, clicks=clicks, now=deps.now()):
                thanked += 1
                log.info("proposer thanked", issue=issue_id, proposal=proposal_id)
    return thanked


def _clicks(session: Session, deps: Deps, issue_id: int) -> Counter[int | None] | None:
    """Return the clicks on the links of each story, or none where the office does not count them."""
    if not deps.settings.links.count_clicks:
        return None
    counted: Counter[int | None] = Counter()
    for one in links.clicks(session, issue_id):
        counted[one.link.story_id] += one.count
    return counted
