"""Whose turn it is: the seat that decides next, since when, until when, and the people who may take it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import issues
from newsletter.approvals import chain, lines
from newsletter.approvals.chain import Seat
from newsletter.config import Settings
from newsletter.content import IssueContent
from newsletter.models import Approval, Editor, Issue


@dataclass(frozen=True)
class Turn:
    """One seat of one asked issue, before it has decided."""

    issue: Issue
    seat: Seat
    people: list[Editor]  # to be asked; nobody where the seat is empty
    since: datetime  # approval was asked for, or the seat before agreed
    until: datetime | None  # the first send time, if one is wished
    history: list[Approval]


def asked(session: Session) -> list[Issue]:
    """Return the issues that wait for a decision, oldest first."""
    return list(session.scalars(select(Issue).where(Issue.state == "asked").order_by(Issue.id)))


def current(session: Session, settings: Settings, issue: Issue, *, now: datetime) -> Turn | None:
    """Return whose turn it is, or None where nothing is asked or no seat is left."""
    if issue.state != "asked" or issue.frozen_hash is None:
        return None
    history = lines.history(session, issue)
    seat = chain.next_seat(history, chain.seats(settings), issue.frozen_hash)
    if seat is None:
        return None
    barred = chain.barred(settings, history, issue.frozen_hash)
    people = chain.sitters(session, settings, seat, now=now, barred=barred)
    since = max(line.at for line in history if line.frozen_hash == issue.frozen_hash)
    return Turn(issue, seat, people, since, send_time(issues.content(session, issue, issue.frozen_revision)), history)


def send_times(content: IssueContent) -> dict[str, datetime]:
    """Return when each language is to go out, the wishes of the editor; empty where no time is wished."""
    if content.send_at is None:
        return {}
    return {language: content.later.get(language, content.send_at) for language in content.texts}


def send_time(content: IssueContent) -> datetime | None:
    """Return when the first language is to go out, if a time is wished."""
    return min(send_times(content).values(), default=content.send_at)


def threshold(settings: Settings, turn: Turn, *, told: datetime, now: datetime) -> float | None:
    """Return the reminder that is due: so many hours before the send time, the last whose moment has passed.

    Whoever was `told` after that moment needs none, and after the send time a reminder comes too late.
    """
    if turn.until is None or now >= turn.until:
        return None
    passed = [hours for hours in settings.approval.remind_hours if told < turn.until - timedelta(hours=hours) <= now]
    return min(passed, default=None)
