"""The page behind an approver's mailed link: the real mail and post, and a button for each decision.

Opening it changes nothing, for software opens links too; and whoever got the letter forwarded can
look, but not decide.
"""

from dataclasses import dataclass, replace
from typing import Annotated, Any

import structlog
from fastapi import Form, Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from newsletter import approvals, database, issues, urls
from newsletter.approvals import lines, rounds, specimen, turns, visits
from newsletter.approvals.specimen import Specimen
from newsletter.approvals.visits import Visit
from newsletter.errors import NotAllowedError, NotFoundError, StaleError, StateError
from newsletter.models import Approval, Editor, Issue
from newsletter.social import posts
from newsletter.web import headers, languages, limits, templating
from newsletter.web.context import Context
from newsletter.web.dependencies import Reading, WithContext
from newsletter.web.editor import desk, frame, knowing, route
from subscribers.languages import BOTH

router = route.open_router()
_log = structlog.get_logger()


@dataclass(frozen=True)
class Answered:
    """What was sent back with the page, where something is wrong with it."""

    wrong: str = ""  # comment, wrong, rest
    form: str = ""  # give, refuse
    comment: str = ""


@router.get("/decide/{token}")
def show(request: Request, context: WithContext, session: Reading, token: str, to: str = "") -> Response:
    """Show what is to be decided, or what became of it; changes nothing."""
    visit = visits.visit(session, context.settings, token, now=context.now())
    return _page(request, context, session, visit, token=token, to=to)


@router.get("/decide/{token}/mail/{language}")
def show_mail(context: WithContext, session: Reading, token: str, language: str) -> Response:
    """Return the frozen mail of one language or of two ("en+ja"), for the frame."""
    visit = visits.visit(session, context.settings, token, now=context.now())
    mails = _mails(context, session, visit)
    mail = next((one for one in mails if one.language == language), None)
    if mail is None:
        raise NotFoundError
    return frame.answer(context, mail.html)


@router.post("/decide/{token}/give")
def give(
    request: Request,
    context: WithContext,
    *,
    token: str,
    password: Annotated[str, Form()] = "",
    remember: Annotated[bool, Form()] = False,
) -> Response:
    """Agree in the seat the link is for; a second press shows the same page and does nothing."""
    return _decide(request, context, token, Answered(form="give"), password=password, remember=remember)


@router.post("/decide/{token}/refuse")
def refuse(
    request: Request,
    context: WithContext,
    *,
    token: str,
    comment: Annotated[str, Form(max_length=4000)] = "",
    password: Annotated[str, Form()] = "",
    remember: Annotated[bool, Form()] = False,
) -> Response:
    """Send the issue back with a sentence about what should change."""
    sent = Answered(form="refuse", comment=comment.strip())
    return _decide(request, context, token, sent, password=password, remember=remember)


def _decide(
    request: Request, context: Context, token: str, sent: Answered, *, password: str, remember: bool
) -> Response:
    """Make sure who it is, outside any transaction, since a password takes its time; then decide in one."""
    limits.check(request, "decide")
    with database.reading(context.engine) as session:
        visit = visits.visit(session, context.settings, token, now=context.now())
        session.expunge(visit.editor)
    known = knowing.knows(request, context, visit.editor)
    wrong = "" if known else knowing.refusal(request, visit.editor, password)
    if not wrong and sent.form == "refuse" and not sent.comment:
        wrong = "comment"
    if wrong:
        with database.reading(context.engine) as session:
            again = visits.visit(session, context.settings, token, now=context.now())
            return _page(request, context, session, again, token=token, sent=replace(sent, wrong=wrong))
    try:
        with database.writing(context.engine) as session:
            _carry_out(session, context, token, sent)
    except (StateError, StaleError, NotAllowedError):
        _log.info("approval_too_late", issue=visit.issue.id, editor=visit.editor.id)  # the page says what happened
    response = RedirectResponse(
        f"{urls.path(urls.decide(context.settings, token))}{_language(request)}",
        303,
        headers={"cache-control": templating.PRIVATE},
    )
    if remember and not known:
        knowing.remember(response, context, visit.editor)
    return response


def _carry_out(session: Session, context: Context, token: str, sent: Answered) -> None:
    visit = visits.visit(session, context.settings, token, now=context.now())
    if visit.standing == "given" and sent.form == "give":
        return
    if not visit.is_fresh:
        raise StateError
    told: dict[str, Any] = {"editor_id": visit.editor.id, "now": context.now(), "shown": visit.ticket.frozen_hash}
    if sent.form == "give":
        number = visit.ticket.seat
        approvals.give(session, context.settings, visit.issue, **told, number=number)
    else:
        approvals.refuse(session, context.settings, visit.issue, **told, comment=sent.comment)
    _log.info("approval_decided", issue=visit.issue.id, editor=visit.editor.id, decision=sent.form, by="link")


def _page(
    request: Request,
    context: Context,
    session: Session,
    visit: Visit,
    *,
    token: str,
    to: str = "",
    sent: Answered | None = None,
) -> Response:
    settings, issue = context.settings, visit.issue
    language = desk.spoken(context, languages.of(request, context, visit.editor.language))
    fresh = visit.is_fresh
    mails = _mails(context, session, visit)
    content = issues.content(session, issue, issue.frozen_revision) if fresh else None
    response = desk.answer(
        request,
        "decide",
        language,
        status=422 if sent else 200,
        visit=visit,
        issue=issue,
        number=issue.number,
        seat=visit.seat.named(language) if visit.seat else "",
        by=_name(session, visit.line.editor_id) if visit.line else "",
        asked=_asked(session, issue) if fresh else None,
        mails=sorted(mails, key=lambda mail: (BOTH in mail.language, mail.language != visit.editor.language)),
        posts=sorted(
            posts.of_issue(session, issue.id) if fresh else [], key=lambda post: post.language != visit.editor.language
        ),
        sending_back=to == "back" or bool(sent and sent.form == "refuse"),
        changes=rounds.changes(session, issue, visit.editor.id) if fresh else None,
        times=turns.send_times(content) if content else {},
        known=knowing.knows(request, context, visit.editor),
        base=urls.path(urls.decide(settings, token)),
        query=_language(request),
        sent=sent or Answered(),
        days=knowing.REMEMBERED.days,
    )
    response.headers["content-security-policy"] = headers.policy(frame_src="'self'")
    return response


def _mails(context: Context, session: Session, visit: Visit) -> list[Specimen]:
    """Return the complete mail of each language, then those in two; none once something else is frozen."""
    if not visit.is_fresh:
        return []
    told = context.settings, visit.issue
    return [*specimen.of_issue(session, *told), *specimen.paired(session, *told)]


def _asked(session: Session, issue: Issue) -> tuple[Approval, str] | None:
    """Return the word that asked, and who said it."""
    asked = next((one for one in reversed(lines.history(session, issue)) if one.decision == "asked"), None)
    return (asked, _name(session, asked.editor_id)) if asked else None


def _name(session: Session, editor_id: int | None) -> str:
    editor = session.get(Editor, editor_id) if editor_id else None
    return editor.name if editor else ""


def _language(request: Request) -> str:
    """Return the query that keeps the language chosen on the page."""
    wish = request.query_params.get("lang", "")
    context: Context = request.app.state.context
    return f"?lang={wish}" if wish in context.settings.publication.languages else ""
