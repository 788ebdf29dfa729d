"""Why nothing is sent or posted, for people at the desk."""

from sqlalchemy import select
from starlette.responses import Response

from newsletter import journal
from newsletter.models import Installation
from newsletter.web.dependencies import Reading
from newsletter.web.editor import route
from newsletter.web.editor.desk import AtDesk

router = route.router()


@router.get("/held")
def show(at: AtDesk, session: Reading) -> Response:
    """Say why and what to do; without a reason lead to the issues."""
    reason = journal.held(session)
    if not reason:
        return at.go(at.links.at("issues"))
    since = session.scalar(select(Installation.held_at))
    return at.page("held", reason=reason, since=since)
