"""When an issue goes out, and how it is stopped."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Annotated

from fastapi import Form
from sqlalchemy.orm import Session
from starlette.responses import Response

from newsletter import issues
from newsletter.delivery import progress, whys
from newsletter.errors import NotFoundError, StateError
from newsletter.issues import departure, foretelling
from newsletter.models import Issue
from newsletter.web.dependencies import Reading, Writing
from newsletter.web.editor import readers, route, sentences, slots, standing, times
from newsletter.web.editor.desk import AtDesk, Desk, Sent
from newsletter.web.editor.times import TimeRefusedError

NOTHING_TYPED: Mapping[str, str] = MappingProxyType({})

router = route.router()


@router.get("/issues/{issue_id:int}/schedule")
def choose_time(at: AtDesk, session: Reading, issue_id: int) -> Response:
    """Ask for a day and a time; with both, show what would happen and ask once more."""
    issue = issues.get(session, issue_id)
    if issue.state not in ("approved", "scheduled"):
        raise StateError
    typed = dict(at.request.query_params)
    if typed.get("at_once") and _may_go_today(at, _printed(at, issue, _spoken(at, session, issue))):
        return _confirm(at, session, issue, dict.fromkeys(_spoken(at, session, issue), at.now))
    if not any(typed.get(name) for name in slots.names(_spoken(at, session, issue))):
        return _form(at, session, issue)
    try:
        chosen = _chosen(at, session, issue, typed)
    except TimeRefusedError as error:
        return _form(at, session, issue, typed=typed, refusal=error)
    return _confirm(at, session, issue, chosen)


@router.post("/issues/{issue_id:int}/schedule")
def schedule(at: AtDesk, session: Writing, sent: Sent, issue_id: int) -> Response:
    """Set the time at which the issue goes out, in each language."""
    issue = issues.get(session, issue_id)
    typed = {name: value for name, value in sent.items() if isinstance(value, str)}
    if issue.state not in ("approved", "scheduled"):
        raise StateError
    try:
        chosen = _chosen(at, session, issue, typed)
    except TimeRefusedError as error:
        return _form(at, session, issue, typed=typed, refusal=error)
    chosen = issues.not_before(chosen, at.now + _take_back(at))
    first = min(chosen.values())
    later = {language: moment for language, moment in chosen.items() if moment != first}
    issues.schedule(session, issue, first, later=later, now=at.now, editor_id=at.editor.id)
    return at.go(at.links.issue(issue_id, done="scheduled"))


@router.post("/issues/{issue_id:int}/unschedule")
def unschedule(at: AtDesk, session: Writing, issue_id: int) -> Response:
    """Take the send time back."""
    issues.unschedule(session, issues.get(session, issue_id), now=at.now, editor_id=at.editor.id)
    return at.go(at.links.issue(issue_id, done="unscheduled"))


@router.post("/issues/{issue_id:int}/pause")
def pause(at: AtDesk, session: Writing, issue_id: int, reason: Annotated[str, Form()] = "") -> Response:
    """Stop mail and posts for now; without a reason the record at least names who did it."""
    why = reason.strip() or whys.written("issue.paused_by", area="desk", name=at.editor.name)
    issues.pause(session, issues.get(session, issue_id), why, now=at.now, editor_id=at.editor.id)
    return at.go(at.links.issue(issue_id, done="paused"))


@router.post("/issues/{issue_id:int}/resume")
def resume(at: AtDesk, session: Writing, issue_id: int) -> Response:
    """Go on after a pause."""
    issues.resume(session, issues.get(session, issue_id), now=at.now, editor_id=at.editor.id)
    return at.go(at.links.issue(issue_id, done="resumed"))


@router.post("/issues/{issue_id:int}/releases/{release_id:int}/send")
def send_late(
    at: AtDesk, session: Writing, issue_id: int, release_id: int, as_printed: Annotated[str, Form()] = ""
) -> Response:
    """Send a part now that was due too long ago to go out unasked; `as_printed`: with the date of another day."""
    release = issues.get_release(session, release_id)
    if release.issue_id != issue_id:
        raise NotFoundError
    issues.send_held(session, release, now=at.now, editor_id=at.editor.id, as_printed=bool(as_printed))
    return at.go(at.links.issue(issue_id, done="late"))


@router.get("/issues/{issue_id:int}/cancel")
def ask_to_cancel(at: AtDesk, session: Reading, issue_id: int) -> Response:
    """Say what cancelling means for this issue now, and ask."""
    issue = issues.get(session, issue_id)
    counts = progress.count(session, issue_id)
    began = standing.began_at(issue) is not None
    sent = counts.get("sent", 0)
    return at.page("cancel", issue=issue, began=began, sent=sent, open=sentences.waiting(counts))


@router.post("/issues/{issue_id:int}/cancel")
def cancel(at: AtDesk, session: Writing, issue_id: int) -> Response:
    """Stop the issue for good."""
    issues.cancel(session, issues.get(session, issue_id), now=at.now, editor_id=at.editor.id)
    return at.go(at.links.issue(issue_id, done="cancelled"))


def _confirm(at: Desk, session: Session, issue: Issue, wished: dict[str, datetime]) -> Response:
    """Say what would happen, how long the mail takes, and that what is nearly now can be taken back."""
    chosen = issues.not_before(wished, at.now + _take_back(at))
    span = departure.of(session, at.context.settings, issue, chosen, now=at.now)
    return at.page(
        "confirm",
        issue=issue,
        when=min(chosen.values()),
        chosen=chosen,
        readers=readers.of(session, issue).people,
        foretold=foretelling.sentences(span, at.zone, at.language) if span else [],
        moved=chosen != wished,
        minutes=at.context.settings.delivery.take_back_minutes,
        post_follows=at.context.settings.facebook.connected and at.context.settings.facebook.after_mail,
    )


def _printed(at: Desk, issue: Issue, spoken: Sequence[str]) -> dict[str, date | None]:
    return {language: times.printed_day(issue, at.zone, language) for language in spoken}


def _may_go_today(at: Desk, printed: Mapping[str, date | None]) -> bool:
    today = (at.now + _take_back(at)).astimezone(at.zone).date()
    return all(day in (None, today) for day in printed.values())


def _take_back(at: Desk) -> timedelta:
    return at.context.settings.delivery.take_back


def _spoken(at: Desk, session: Session, issue: Issue) -> list[str]:
    return standing.ordered(standing.shown(session, issue), at.context.settings.publication.languages)


def _chosen(at: Desk, session: Session, issue: Issue, typed: Mapping[str, str]) -> dict[str, datetime]:
    """Return the moment typed for each language; raise TimeRefusedError, which names the language."""
    return slots.read(typed, issue, _spoken(at, session, issue), at.zone, now=at.now)


def _form(
    at: Desk,
    session: Session,
    issue: Issue,
    *,
    typed: Mapping[str, str] = NOTHING_TYPED,
    refusal: TimeRefusedError | None = None,
) -> Response:
    spoken = _spoken(at, session, issue)
    printed = _printed(at, issue, spoken)
    return at.page(
        "schedule",
        status=422 if refusal else 200,
        issue=issue,
        slots=slots.of(issue, standing.shown(session, issue), spoken, at.zone, typed=typed),
        printed=printed,
        at_once=_may_go_today(at, printed),
        minutes=at.context.settings.delivery.take_back_minutes,
        refusal=refusal,
        wall=_told(at, refusal.wall) if refusal and refusal.wall else "",
    )


def _told(at: Desk, wall: datetime) -> str:
    """Return a time of the wall clock in words, also one that does not exist."""
    return at.day_and_time(wall.replace(tzinfo=at.zone))
