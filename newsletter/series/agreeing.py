"""A standing approval put under one issue: frozen, recorded under the names of those who agreed, approved."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from newsletter import freezing
from newsletter.approvals import lines
from newsletter.config import Settings
from newsletter.freezing import Frozen
from newsletter.issues import states
from newsletter.models import Issue, SeriesApproval


def agree(
    session: Session,
    settings: Settings,
    issue: Issue,
    held: Sequence[SeriesApproval],
    frozen: Frozen,
    *,
    now: datetime,
) -> None:
    """Freeze a draft and approve exactly that, under a standing approval that is in force (DESIGN 5.4).

    The record names the seats, the people, and the series they agreed to. Raises StaleError where the
    issue was saved since it was rendered, StateError for what is not a draft.
    """
    if not states.move(session, issue, "asked", of=("draft",)):
        raise states.refuse(issue, "be approved under a standing approval")
    freezing.store(session, settings, issue, frozen, now=now)
    lines.add(session, issue, "asked", editor_id=None, now=now)
    for word in held:
        given = lines.add(session, issue, "given", editor_id=word.editor_id, now=now, comment=_said(word))
        given.seat, given.deputy = word.seat, word.deputy
    states.move(session, issue, "approved", of=("asked",))
    session.flush()


def _said(word: SeriesApproval) -> str:
    return f"Standing approval {word.id} of series {word.series_id}, given {word.at:%Y-%m-%d}, until {word.until}."
