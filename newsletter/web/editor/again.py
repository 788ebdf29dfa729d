"""Sending an issue again: to those who failed, by reason, and to those who may have it, by name (DESIGN 5.1)."""

from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import Form
from starlette.responses import Response

from newsletter import database, issues, words
from newsletter.delivery import resending, telling
from newsletter.delivery.resending import Doubt
from newsletter.errors import StateError
from newsletter.models import Issue
from newsletter.web.dependencies import Reading
from newsletter.web.editor import route, standing
from newsletter.web.editor.desk import AtDesk, Desk

MOST_NAMES = 200
"""People shown by name; more than that is a broken line, and not for a person to go through."""
ALL = "all"

router = route.router()


@router.get("/issues/{issue_id:int}/again")
def show(at: AtDesk, session: Reading, issue_id: int) -> Response:
    """Show who could be sent the issue again, with how many it would be."""
    issue = issues.get(session, issue_id)
    failed = resending.failed(session, issue_id)
    doubts = resending.doubts(session, issue_id, limit=MOST_NAMES)
    say = words.load("report", at.language)
    return at.page(
        "again",
        issue=issue,
        state=standing.state_of(issue),
        may=_may(issue),
        failed=[(one, telling.reason(say, one.reason)) for one in failed],
        people=sum(one.people for one in failed),
        doubts=doubts,
        ready=[one for one in doubts if _is_ready(at, one)],
        undecided=[one for one in doubts if not one.left],
        now=at.now,
    )


@router.post("/issues/{issue_id:int}/again")
def again(at: AtDesk, issue_id: int, reason: Annotated[str, Form()]) -> Response:
    """Send the issue again to those who failed for a reason, or for any."""
    with database.reading(at.context.engine) as session:
        known = [one.reason for one in resending.failed(session, issue_id)]
        found = resending.who_failed(session, issue_id, known if reason == ALL else [reason])
    return _done(at, issue_id, "again", _each(at, issue_id, found, resending.again))


@router.post("/issues/{issue_id:int}/doubts/again")
def again_in_doubt(at: AtDesk, issue_id: int, delivery: Annotated[str, Form()]) -> Response:
    """Send the issue again to one who may have it, or to all of whom no late answer can come any more."""
    with database.reading(at.context.engine) as session:
        doubts = resending.doubts(session, issue_id)
    chosen = [one.delivery_id for one in doubts if _is_ready(at, one) and _is_chosen(one, delivery)]
    return _done(at, issue_id, "again_in_doubt", _each(at, issue_id, chosen, resending.again_in_doubt))


@router.post("/issues/{issue_id:int}/doubts/leave")
def leave(at: AtDesk, issue_id: int, delivery: Annotated[str, Form()]) -> Response:
    """Leave one who may have the issue as they are, or all."""
    with database.reading(at.context.engine) as session:
        doubts = resending.doubts(session, issue_id)
    chosen = [one.delivery_id for one in doubts if not one.left and _is_chosen(one, delivery)]
    return _done(at, issue_id, "left_in_doubt", _each(at, issue_id, chosen, resending.leave))


def _each(at: Desk, issue_id: int, delivery_ids: Sequence[int], act: Callable[..., int]) -> int:
    """Do something with deliveries in transactions of their own, each short; return with how many it was done."""
    done = 0
    for start in range(0, len(delivery_ids), resending.MOST):
        part = delivery_ids[start : start + resending.MOST]
        with database.writing(at.context.engine) as session:
            done += act(session, issues.get(session, issue_id), part, now=at.now, editor_id=at.editor.id)
    return done


def _done(at: Desk, issue_id: int, name: str, count: int) -> Response:
    """Lead back to the page; nobody left to do it with means that somebody was faster, or that it is too early."""
    if not count:
        raise StateError
    return at.go(f"{at.links.issue(issue_id, 'again')}?done={name}")


def _is_chosen(doubt: Doubt, delivery: str) -> bool:
    return str(doubt.delivery_id) == delivery if delivery != ALL else not doubt.left


def _is_ready(at: Desk, doubt: Doubt) -> bool:
    return doubt.there and doubt.sure_at <= at.now


def _may(issue: Issue) -> bool:
    return issue.state in ("sending", "closed")
