"""Making one day's issue: however many clocks tick and wherever one is killed, a day has one run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import audit, issues
from newsletter.config import Settings
from newsletter.content import IssueContent
from newsletter.models import Series, SeriesRun
from newsletter.series import days, filling, keeping, letters, picking
from newsletter.series.days import Occasion
from newsletter.series.picking import Picked
from newsletter.series.rule import Rule
from subscribers import guarded

LOOK_BACK = timedelta(days=14)
"""A clock that stood still for longer says nothing about the days before."""
log = structlog.get_logger()


@dataclass(frozen=True)
class Due:
    """One day of one series whose issue is to be made now, and what the pool holds for it."""

    series_id: int
    version: int  # of the rule that was counted out
    occasion: Occasion
    picked: Picked


def due(session: Session, settings: Settings, publication_id: int, *, now: datetime) -> list[Due]:
    """Return the days that are to be made now, earliest first. Reads only."""
    found: list[Due] = []
    for series in keeping.in_order(session, publication_id):
        if series.state != "running" or series.started_at is None:
            continue
        rule = keeping.rule_of(series)
        for occasion in _open(session, settings, series, rule, now=now):
            day = occasion.moved or occasion.day
            picked = picking.pick(session, settings, publication_id, rule.picking, day=day)
            found.append(Due(series.id, series.version, occasion, picked))
    return sorted(found, key=lambda one: one.occasion.send_at)


def make(session: Session, settings: Settings, due: Due, *, now: datetime) -> SeriesRun | None:
    """Make the draft of one day, or note why there is none; return its run, or None where another clock was first.

    The run and what comes of it are one transaction. A skipped day is told to the editors by letter.
    """
    series = keeping.get(session, due.series_id)
    if series.state != "running" or series.version != due.version:
        return None  # stopped or changed since it was counted out: the next tick counts anew
    occasion, rule = due.occasion, keeping.rule_of(series)
    if not rule.picking.again and _is_taken(session, series, due):
        return None  # by an issue made or asked for since: the next tick picks anew
    reason = _hindrance(due, rule, now=now)
    state = "made" if not reason else "missed" if reason == "missed" else "skipped"
    values = {"send_at": occasion.send_at, "state": state, "reason": reason, "at": now}
    told = len(due.picked.choices)
    if not guarded.insert(session, SeriesRun, series_id=series.id, day=occasion.day, found=told, **values):
        return None
    run = session.scalars(
        select(SeriesRun).where(SeriesRun.series_id == series.id, SeriesRun.day == occasion.day)
    ).one()
    if reason:
        letters.skipped(session, settings, run, due.picked, now=now)
    else:
        _write_issue(session, settings, series, run, due, now=now)
    audit.record(session, f"series {state}", f"series {series.id}", editor_id=None, now=now, day=run.day, found=told)
    log.info("series", series=series.id, run=run.id, state=state, reason=reason, issue=run.issue_id)
    return run


def _open(session: Session, settings: Settings, series: Series, rule: Rule, *, now: datetime) -> list[Occasion]:
    """Return the occasions whose time to be made has come and that have no run yet."""
    if series.started_at is None:
        return []
    today = now.astimezone(settings.office.zone).date()
    first = max(series.started_at, now - LOOK_BACK).astimezone(settings.office.zone).date()
    found = days.planned(settings, rule, first, today + timedelta(days=rule.lead_days + 31))
    ready = [one for one in found if one.make_at <= now and one.send_at >= series.started_at]
    known = _known(session, series, [one.day for one in ready])
    return [one for one in ready if one.day not in known]


def _known(session: Session, series: Series, among: Sequence[date]) -> set[date]:
    return set(session.scalars(select(SeriesRun.day).where(SeriesRun.series_id == series.id, SeriesRun.day.in_(among))))


def _is_taken(session: Session, series: Series, due: Due) -> bool:
    taken = picking.on_their_way(session, series.publication_id)
    return any(choice.story_id in taken for choice in due.picked.choices)


def _hindrance(due: Due, rule: Rule, *, now: datetime) -> str:
    """Return the word for why there is no issue that day, or an empty one."""
    if due.occasion.moved is None:
        return "closed"
    if due.occasion.send_at <= now:
        return "missed"
    return "few" if len(due.picked.choices) < rule.picking.least else ""


def _write_issue(
    session: Session, settings: Settings, series: Series, run: SeriesRun, due: Due, *, now: datetime
) -> None:
    rule = keeping.rule_of(series)
    day = due.occasion.moved or due.occasion.day
    count = len(due.picked.choices)
    texts = {
        language: filling.fill(wording, language, day=day, count=count) for language, wording in rule.texts.items()
    }
    content = IssueContent(texts=texts, stories=due.picked.choices, send_at=run.send_at)
    issue = issues.create(session, settings, series.publication_id, content, editor_id=None, now=now)
    issue.series_id = series.id
    run.issue_id, run.head = issue.id, issue.head
    session.flush()
