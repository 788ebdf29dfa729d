"""The standing approval: consent of named people to one series, as long as its rule and templates stay."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import audit, editors, paths
from newsletter.approvals import chain
from newsletter.approvals.chain import Seat
from newsletter.config import Settings
from newsletter.errors import NotAllowedError, StaleError, StateError
from newsletter.freezing import seal as sealing
from newsletter.models import Approval, Editor, Series, SeriesApproval
from newsletter.series import keeping

LONGEST = timedelta(days=366)
"""Nobody agrees for ever: after a year the office is asked again."""
SHOWN = ("mail/**/*.j2", "mail/**/*.toml", "social/*.j2", "words/mail*.toml", "words/social*.toml")
"""What readers see of an issue that no editor wrote; letters are no part of it."""


def seal(settings: Settings, series: Series) -> str:
    """Return the hash of what is agreed to: the rule, who sends, the look and every template an issue is made with."""
    folder = paths.bundled("templates")
    files = sorted({path for pattern in SHOWN for path in folder.glob(pattern)})
    told = {
        "series": series.id,
        "rule": series.rule,
        "sender": [settings.office.model_dump(mode="json"), settings.publication.model_dump(mode="json")],
        "posts": settings.facebook.languages,
        "seats": [seat.title for seat in settings.approval.seats],
        "look": settings.look.model_dump(mode="json"),
        "templates": [
            [path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")]
            for path in files
            if "letters" not in path.relative_to(folder).parts
        ],
    }
    return sealing.of(told)


def lines(session: Session, series: Series) -> Sequence[SeriesApproval]:
    """Return every word on the series, oldest first."""
    query = select(SeriesApproval).where(SeriesApproval.series_id == series.id).order_by(SeriesApproval.id)
    return session.scalars(query).all()


def in_force(session: Session, settings: Settings, series: Series, *, day: date) -> Sequence[SeriesApproval]:
    """Return the consents of all seats under which an issue of that day may go out; none where one is missing."""
    sealed = seal(settings, series)
    known = lines(session, series)
    if chain.next_seat(_as_lines(known), chain.seats(settings), sealed) is not None:
        return ()
    held = cast("list[SeriesApproval]", chain.given(_as_lines(known), sealed))
    return held if all(line.until is not None and line.until >= day for line in held) else ()


def turn(session: Session, settings: Settings, series: Series, *, today: date) -> Seat | None:
    """Return the seat that is to agree next, or None where all have, for longer than today."""
    if in_force(session, settings, series, day=today):
        return None
    sealed, known = seal(settings, series), lines(session, series)
    return chain.next_seat(_as_lines(known), chain.seats(settings), sealed) or chain.seats(settings)[0]


def may_give(session: Session, settings: Settings, series: Series, editor: Editor, *, now: datetime) -> bool:
    """Return whether it is the turn of this editor."""
    seat = turn(session, settings, series, today=_today(settings, now))
    return seat is not None and _sitting(session, settings, series, seat, editor, now=now) is not None


def give(
    session: Session,
    settings: Settings,
    series: Series,
    *,
    shown: str,
    until: date,
    editor_id: int,
    now: datetime,
) -> None:
    """Agree, in the next seat of the chain, that issues of this series go out by themselves up to a day.

    `shown` is the seal of what the editor saw. Raises StaleError where the series or a template has
    changed since, NotAllowedError where it is not this editor's turn, StateError for a day that is
    past or too far away.
    """
    sealed, today = seal(settings, series), _today(settings, now)
    if shown != sealed:
        raise StaleError
    if not today <= until <= today + LONGEST:
        message = f"A standing approval ends between today and {today + LONGEST:%Y-%m-%d}."
        raise StateError(message)
    seat = turn(session, settings, series, today=today)
    editor = session.get_one(Editor, editor_id)
    sitting = _sitting(session, settings, series, seat, editor, now=now) if seat else None
    if seat is None or sitting is None:
        raise NotAllowedError
    add = partial(_add, session, series, sealed, now=now)
    if seat.number == 0:
        add("asked", editor_id=None)  # a round begins: what was said before counts no more
    add("given", editor_id=editor_id, seat=seat.stored, deputy=sitting.deputy, until=until)


def withdraw(session: Session, settings: Settings, series: Series, *, editor_id: int, now: datetime) -> None:
    """Take the standing approval back: the next issue asks. What is scheduled already stays scheduled."""
    editors.demand(session.get_one(Editor, editor_id), "editor")
    _add(session, series, seal(settings, series), "voided", editor_id=editor_id, now=now)


def _add(
    session: Session,
    series: Series,
    sealed: str,
    decision: str,
    *,
    editor_id: int | None,
    now: datetime,
    seat: int | None = None,
    deputy: bool = False,
    until: date | None = None,
) -> None:
    session.add(
        SeriesApproval(
            series_id=series.id,
            frozen_hash=sealed,
            rule=keeping.rule_of(series).model_dump_json(),
            editor_id=editor_id,
            seat=seat,
            deputy=deputy,
            decision=decision,
            until=until,
            at=now,
        )
    )
    session.flush()
    told = {"hash": sealed, "until": until}
    audit.record(session, f"standing {decision}", f"series {series.id}", editor_id=editor_id, now=now, **told)


def _sitting(
    session: Session, settings: Settings, series: Series, seat: Seat, editor: Editor, *, now: datetime
) -> chain.Sitting | None:
    known = [] if seat.number == 0 else lines(session, series)
    barred = chain.barred(settings, _as_lines(known), seal(settings, series))
    return chain.may_sit(session, settings, editor, seat, now=now, barred=barred)


def _today(settings: Settings, now: datetime) -> date:
    return now.astimezone(settings.office.zone).date()


def _as_lines(known: Sequence[SeriesApproval]) -> Sequence[Approval]:
    """Return the lines as the chain reads them: hash, seat, its title, editor and decision are all it looks at."""
    return cast("Sequence[Approval]", known)
