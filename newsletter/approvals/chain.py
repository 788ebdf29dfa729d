"""The chain: which seats an approval needs, whose turn it is, and who may take a seat."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import editors
from newsletter.config import Settings
from newsletter.models import Approval, Editor

APPROVERS = ("approver", "admin")
"""Roles that may approve where the settings name no seats."""

ANEW = ("asked", "refused", "voided")
"""Words after which every seat has to agree again."""


@dataclass(frozen=True)
class Seat:
    """One place in the chain. Without a title it is the only one, and any approver may take it."""

    number: int  # from 0
    title: dict[str, str]  # by language
    editors: tuple[str, ...] = ()  # addresses; any one of them takes the seat
    deputies: tuple[str, ...] = ()  # addresses; while none of the editors can

    @property
    def is_open(self) -> bool:
        """Return whether any approver may take it."""
        return not self.editors

    @property
    def stored(self) -> int | None:
        """Return what `Approval.seat` says of a decision in it."""
        return None if self.is_open else self.number

    def named(self, language: str) -> str:
        """Return its title in `language`, or in the first it has; empty for the open seat."""
        return self.title.get(language) or next(iter(self.title.values()), "")


@dataclass(frozen=True)
class Sitting:
    """The right of one editor to take one seat; as a deputy `instead_of` names who is away."""

    deputy: bool = False
    instead_of: tuple[str, ...] = ()


def seats(settings: Settings) -> tuple[Seat, ...]:
    """Return the seats in their order, never none: without a chain it is one that any approver may take."""
    named = settings.approval.seats
    if not named:
        return (Seat(0, {}),)
    return tuple(Seat(number, dict(one.title), one.editors, one.deputies) for number, one in enumerate(named))


def given(lines: Sequence[Approval], frozen_hash: str) -> list[Approval]:
    """Return the consents to exactly this since it was last asked for; `lines` stand in their order."""
    found: list[Approval] = []
    for line in lines:
        if line.frozen_hash != frozen_hash:
            continue
        if line.decision == "given":
            found.append(line)
        elif line.decision in ANEW:
            found = []
    return found


def next_seat(lines: Sequence[Approval], seats: Sequence[Seat], frozen_hash: str) -> Seat | None:
    """Return the seat whose turn it is, or None where all have agreed to exactly what `frozen_hash` names.

    A word counts in the seat it was given in: where the settings have moved the seats since, in no other.
    """
    agreed = given(lines, frozen_hash)
    return next((seat for seat in seats if not any(_was_in(line, seat) for line in agreed)), None)


def barred(settings: Settings, lines: Sequence[Approval], frozen_hash: str) -> frozenset[int]:
    """Return the editors who may not agree any more: whoever has already, and whoever asked.

    Nobody sits in two seats of one chain; `approval.own_issues` lets the one who asked agree too.
    """
    agreed = {line.editor_id for line in given(lines, frozen_hash)}
    asked = [line.editor_id for line in lines if line.decision == "asked" and line.frozen_hash == frozen_hash]
    askers = set() if settings.approval.own_issues else set(asked[-1:])
    return frozenset(one for one in agreed | askers if one is not None)


def may_sit(
    session: Session,
    settings: Settings,
    editor: Editor,
    seat: Seat,
    *,
    now: datetime,
    barred: Collection[int] = (),
) -> Sitting | None:
    """Return the right of `editor` to take `seat` now, or None.

    Named editors may always; deputies while none of the named can: away, disabled, unknown or in `barred`.
    """
    if editor.disabled_at is not None or editor.id in barred:
        return None
    if seat.is_open:
        return Sitting() if editors.may(editor, "approver") else None
    if editor.email in seat.editors:
        return Sitting()
    if editor.email not in seat.deputies:
        return None
    named = _known(session, seat.editors)
    if any(_can(settings, one, now=now, barred=barred) for one in named):
        return None
    return Sitting(deputy=True, instead_of=tuple(one.name for one in named))


def sitters(
    session: Session, settings: Settings, seat: Seat, *, now: datetime, barred: Collection[int] = ()
) -> list[Editor]:
    """Return who is to be asked to take the seat: the named editors who are here, else the deputies who are.

    Where nobody is here, it is everybody who may: an absence does not take the right away.
    """
    known = _approvers(session) if seat.is_open else _known(session, (*seat.editors, *seat.deputies))
    able = [one for one in known if may_sit(session, settings, one, seat, now=now, barred=barred)]
    return [one for one in able if not is_away(settings, one, now=now)] or able


def is_away(settings: Settings, editor: Editor, *, now: datetime) -> bool:
    """Return whether the editor is absent today, by the office's calendar; both days are included."""
    today = now.astimezone(settings.office.zone).date()
    if editor.away_from is None or today < editor.away_from:
        return False
    return editor.away_until is None or today <= editor.away_until


def _was_in(line: Approval, seat: Seat) -> bool:
    return line.seat == seat.stored and json.loads(line.seat_title or "{}") in ({}, seat.title)


def _can(settings: Settings, editor: Editor, *, now: datetime, barred: Collection[int]) -> bool:
    return editor.disabled_at is None and editor.id not in barred and not is_away(settings, editor, now=now)


def _known(session: Session, addresses: Sequence[str]) -> list[Editor]:
    """Return the editors of these addresses, in their order."""
    found = {one.email: one for one in session.scalars(select(Editor).where(Editor.email.in_(addresses)))}
    return [found[address] for address in addresses if address in found]


def _approvers(session: Session) -> list[Editor]:
    query = select(Editor).where(Editor.role.in_(APPROVERS), Editor.disabled_at.is_(None))
    return list(session.scalars(query.order_by(Editor.id)))
