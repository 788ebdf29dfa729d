"""A part that was due while the machine was down: another time for it."""

from starlette.responses import Response

from newsletter import issues
from newsletter.errors import NotFoundError, StateError
from newsletter.models import Issue, Release
from newsletter.web.dependencies import Reading, Writing
from newsletter.web.editor import route, times
from newsletter.web.editor.desk import AtDesk, Desk, Sent
from newsletter.web.editor.times import TimeRefusedError

router = route.router()


@router.get("/issues/{issue_id:int}/releases/{release_id:int}/time")
def choose(at: AtDesk, session: Reading, issue_id: int, release_id: int) -> Response:
    """Ask for another day and time of a part that waits for a decision."""
    return _form(at, _held(issues.get_release(session, release_id), issue_id))


@router.post("/issues/{issue_id:int}/releases/{release_id:int}/time")
def postpone(at: AtDesk, session: Writing, sent: Sent, issue_id: int, release_id: int) -> Response:
    """Set another time for a part that waits for a decision."""
    release = _held(issues.get_release(session, release_id), issue_id)
    printed = times.printed_day(release.issue, at.zone, release.language)
    day, time = (str(sent.get(name, "")) for name in ("day", "time"))
    try:
        moment = times.read(day, time, at.zone, now=at.now, printed=printed)
    except TimeRefusedError as error:
        return _form(at, release, day=day, time=time, refusal=error)
    issues.postpone(session, release, moment, now=at.now, editor_id=at.editor.id)
    return at.go(at.links.issue(issue_id, done="postponed"))


def _held(release: Release, issue_id: int) -> Release:
    if release.issue_id != issue_id:
        raise NotFoundError
    if release.state != "held":
        raise StateError
    return release


def _form(
    at: Desk, release: Release, *, day: str = "", time: str = "", refusal: TimeRefusedError | None = None
) -> Response:
    issue: Issue = release.issue
    printed = times.printed_day(issue, at.zone, release.language)
    return at.page(
        "postpone",
        status=422 if refusal else 200,
        issue=issue,
        release=release,
        day=day or (printed.isoformat() if printed else ""),
        time=time,
        printed=printed,
        refusal=refusal,
        wall=at.day_and_time(refusal.wall.replace(tzinfo=at.zone)) if refusal and refusal.wall else "",
    )
