"""How the approval of an issue stands, for the editor who looks: the seats, whose turn it is, what they may do."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.approvals import chain, deciding, lines, rounds, turns
from newsletter.approvals.chain import Seat
from newsletter.approvals.rounds import Change
from newsletter.approvals.turns import Turn
from newsletter.models import Approval, Editor, Issue
from newsletter.web.editor.desk import Desk


@dataclass(frozen=True)
class SeatShown:
    """One seat: who has agreed in it, or whom it waits for."""

    title: str
    line: Approval | None
    by: str
    is_next: bool
    people: list[str]  # whom the next seat waits for
    standing_in: bool  # those are deputies


@dataclass(frozen=True)
class Approving:
    """The state of one asked issue."""

    seats: list[SeatShown]
    asked: Approval | None
    asker: str
    hindrance: str  # why the editor may not agree now: a word of `approvals.errors.Reason`, or empty
    may_refuse: bool
    changes: list[Change] | None


def of(at: Desk, session: Session, issue: Issue) -> Approving | None:
    """Return how the approval of an asked issue stands, or None for one that nobody is asked about."""
    if issue.state != "asked":
        return None
    settings, history = at.context.settings, lines.history(session, issue)
    names = dict(session.execute(select(Editor.id, Editor.name)).all())
    turn = turns.current(session, settings, issue, now=at.now)
    agreed = {line.seat: line for line in chain.given(history, issue.frozen_hash or "")}
    asked = next((line for line in reversed(history) if line.decision == "asked"), None)
    return Approving(
        seats=[_seat(at, one, agreed.get(one.stored), names, turn) for one in chain.seats(settings)],
        asked=asked,
        asker=names.get(asked.editor_id or 0, "") if asked else "",
        hindrance=deciding.hindrance(session, settings, issue, history, at.editor, now=at.now),
        may_refuse=deciding.may_refuse(session, settings, at.editor, now=at.now),
        changes=rounds.changes(session, issue),
    )


def title_of(line: Approval, language: str) -> str:
    """Return the title a seat had when somebody decided in it; empty where it had none."""
    titles: dict[str, str] = json.loads(line.seat_title)
    return titles.get(language) or next(iter(titles.values()), "")


def _seat(at: Desk, seat: Seat, line: Approval | None, names: Mapping[int, str], turn: Turn | None) -> SeatShown:
    is_next = turn is not None and turn.seat.number == seat.number
    people = turn.people if turn and is_next else []
    return SeatShown(
        title=seat.named(at.language),
        line=line,
        by=names.get(line.editor_id or 0, "") if line else "",
        is_next=is_next,
        people=[one.name for one in people],
        standing_in=bool(people) and not seat.is_open and all(one.email in seat.deputies for one in people),
    )
