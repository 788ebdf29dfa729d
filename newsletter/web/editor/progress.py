"""How far an issue has come, in sentences; the page looks again by itself."""

from starlette.responses import Response

from newsletter import issues
from newsletter.delivery import progress
from newsletter.social import posts
from newsletter.web.dependencies import Reading
from newsletter.web.editor import route, sentences, standing
from newsletter.web.editor.desk import AtDesk

LOOKS_AGAIN_SECONDS = 5

router = route.router()


@router.get("/issues/{issue_id:int}/progress")
def show(at: AtDesk, session: Reading, issue_id: int, still: str = "") -> Response:
    """Show how far an issue has come; `still=yes` keeps the page from looking again by itself (WCAG 2.2.2)."""
    issue = issues.get(session, issue_id)
    pulse = progress.pulse(session, issue_id, now=at.now)
    counts = pulse.counts
    moving = issue.state in ("scheduled", "sending") and issue.paused_at is None
    looks_again = moving and still != "yes"
    response = at.page(
        "progress",
        here=at.links.issue(issue_id, "progress"),
        issue=issue,
        state=standing.state_of(issue),
        lines=sentences.lines(at.words, counts),
        pulse=pulse,
        settled=pulse.settled,
        all=pulse.all,
        nothing_for=sum(release.nothing_for for release in issue.releases),
        posts=posts.of_issue(session, issue_id),
        moving=moving,
        seconds=LOOKS_AGAIN_SECONDS if looks_again else 0,
        now=at.now,
    )
    if looks_again:
        response.headers["refresh"] = str(LOOKS_AGAIN_SECONDS)
    return response
