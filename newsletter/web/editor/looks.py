"""How often an issue's public pages were looked at: a number for each day and language, and nothing about anybody."""

from starlette.responses import Response

from newsletter import issues
from newsletter.archive import views
from newsletter.web.dependencies import Reading
from newsletter.web.editor import route, standing
from newsletter.web.editor.desk import AtDesk

MOST_DAYS = 60
"""Rows of the table; a page is looked at for some weeks."""

router = route.router()


@router.get("/issues/{issue_id:int}/views")
def show(at: AtDesk, session: Reading, issue_id: int) -> Response:
    """Show the views of an issue's pages, the newest day first."""
    issue, settings = issues.get(session, issue_id), at.context.settings
    days = views.by_day(session, settings, issue)
    sums = views.of_issue(session, settings, issue)
    return at.page(
        "views",
        here=at.links.issue(issue_id, "views"),
        issue=issue,
        spoken=standing.ordered(standing.shown(session, issue), settings.publication.languages),
        days=days[:MOST_DAYS],
        older=len(days) > MOST_DAYS,
        sums=sums,
        counted=settings.archive.count_views,
    )
