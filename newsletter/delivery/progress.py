"""How far an issue has come, how fast it goes, and when it will be done."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from newsletter.delivery.outbox import FINAL, OPEN
from newsletter.models import Delivery

LOOKS_BACK = timedelta(minutes=1)
"""The rate is that of the last minute, so that a pause or a faster pace shows at once."""
UNDER_WAY = ("queued", "claimed", "on_wire")


@dataclass(frozen=True)
class Pulse:
    """An issue at one moment."""

    counts: dict[str, int]
    per_minute: int  # answered for in the last minute
    ends_at: datetime | None  # at that rate, without those whose servers asked to wait
    tries_at: datetime | None  # when the next of those is tried again

    @property
    def all(self) -> int:
        """Return how many are on the list."""
        return sum(self.counts.values())

    @property
    def settled(self) -> int:
        """Return how many have their outcome."""
        return sum(self.counts[state] for state in FINAL)


def count(session: Session, issue_id: int) -> dict[str, int]:
    """Return how many deliveries of an issue are in each state, with 0 for those in none."""
    counted = session.execute(
        select(Delivery.state, func.count()).where(Delivery.issue_id == issue_id).group_by(Delivery.state)
    )
    return dict.fromkeys((*OPEN, *FINAL), 0) | dict(counted.all())


def pulse(session: Session, issue_id: int, *, now: datetime) -> Pulse:
    """Return counts, rate and end of an issue in one walk over its rows."""
    recent = func.sum(case((Delivery.settled_at > now - LOOKS_BACK, 1), else_=0))
    found = session.execute(
        select(Delivery.state, func.count(), recent, func.min(Delivery.marked_at))
        .where(Delivery.issue_id == issue_id)
        .group_by(Delivery.state)
    ).all()
    counts = dict.fromkeys((*OPEN, *FINAL), 0) | {state: number for state, number, _, _ in found}
    began = min((marked for *_, marked in found if marked), default=now)
    lately = sum(int(number or 0) for _, _, number, _ in found)
    watched = max(min(now - began, LOOKS_BACK), timedelta(seconds=1))
    per_second = lately / watched.total_seconds()
    open_now = sum(counts[state] for state in UNDER_WAY)
    ends_at = now + timedelta(seconds=open_now / per_second) if per_second and open_now else None
    return Pulse(counts, round(per_second * 60), ends_at, _tries_at(session, issue_id) if counts["deferred"] else None)


def _tries_at(session: Session, issue_id: int) -> datetime | None:
    waiting = Delivery.issue_id == issue_id, Delivery.state == "deferred"
    return session.scalar(select(func.min(Delivery.next_at)).where(*waiting))
