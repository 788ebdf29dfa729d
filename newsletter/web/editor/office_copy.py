"""The page behind the office copy's link: one press holds mail, page and post together.

Holding is the safe direction, so that the link alone is enough for it; opening the page changes nothing.
"""

import structlog
from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from newsletter import issues, urls
from newsletter.approvals import office_copies, tickets
from newsletter.approvals.errors import LinkOverError
from newsletter.errors import StateError
from newsletter.issues import states
from newsletter.models import ApprovalTicket, Editor, Issue
from newsletter.web import languages, limits, templating
from newsletter.web.context import Context
from newsletter.web.dependencies import Reading, WithContext, Writing
from newsletter.web.editor import desk, route

router = route.open_router()
_log = structlog.get_logger()


@router.get("/hold/{token}")
def show(request: Request, context: WithContext, session: Reading, token: str) -> Response:
    """Ask whether to hold the issue; changes nothing."""
    _, issue, editor = _open(session, context, token)
    language = desk.spoken(context, languages.of(request, context, editor.language))
    return desk.answer(
        request,
        "hold",
        language,
        issue=issue,
        due=min((one.due_at for one in issue.releases if one.state in ("planned", "held")), default=None),
        live=issue.state in states.LIVE,
        action=f"{urls.path(urls.hold(context.settings, token))}?lang={language}",
    )


@router.post("/hold/{token}")
def hold(request: Request, context: WithContext, session: Writing, token: str) -> Response:
    """Hold the issue; where it is held or over already, the page says so."""
    limits.check(request, "hold")
    _, issue, editor = _open(session, context, token)
    try:
        office_copies.hold(session, issue, editor, now=context.now())
        _log.info("issue_held", issue=issue.id, editor=editor.id, by="office copy")
    except StateError:
        _log.info("hold_too_late", issue=issue.id, editor=editor.id)
    path = urls.path(urls.hold(context.settings, token))
    wish = request.query_params.get("lang", "")
    query = f"?lang={wish}" if wish in context.settings.publication.languages else ""
    return RedirectResponse(f"{path}{query}", 303, headers={"cache-control": templating.PRIVATE})


def _open(session: Session, context: Context, token: str) -> tuple[ApprovalTicket, Issue, Editor]:
    """Return what the link is about; raise LinkOverError, also for what is frozen anew and an editor who has left."""
    ticket = tickets.find(session, token, "hold", now=context.now())
    issue, editor = issues.get(session, ticket.issue_id), session.get_one(Editor, ticket.editor_id)
    if editor.disabled_at is not None or issue.frozen_hash != ticket.frozen_hash:
        raise LinkOverError
    return ticket, issue, editor
