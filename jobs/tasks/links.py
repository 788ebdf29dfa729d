"""Look at the links of issues that may still be mended, so that the checks know how they are."""

from datetime import timedelta

import structlog

from jobs.tasks.deps import Deps
from newsletter import database
from newsletter.checks import links

log = structlog.get_logger()


def look_at_links(deps: Deps) -> int:
    """Look at links that are new or were not looked at for `checks.link_hours`; return how many.

    Nothing is open while the network is asked. Two clocks that look at the same link do no harm.
    """
    settings, now = deps.settings, deps.now()
    if not settings.checks.links:
        return 0
    with database.reading(deps.engine) as session:
        old = now - timedelta(hours=settings.checks.link_hours)
        due = links.due(session, deps.publication_id, older_than=old)
    if not due:
        return 0
    found = links.probe(
        due,
        agent=links.agent(settings),
        seconds=settings.checks.link_seconds,
        loopback=settings.checks.links_on_this_machine,
    )
    with database.writing(deps.engine) as session:
        links.keep(session, found, now=now)
    log.info("links looked at", links=len(found), not_fine=sum(one.outcome != "fine" for one in found))
    return len(found)
