"""Hand an installation over to another server: out here, in there."""

from datetime import datetime

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from newsletter import audit
from newsletter.errors import StateError
from newsletter.journal import Witness, adopting, standing
from newsletter.models import Claim, Installation
from subscribers import noted

log = structlog.get_logger()


def move_out(session: Session, *, now: datetime) -> None:
    """Give up sending here for good; database and journal say so. Raises StateError.

    A sender that runs notices before its next batch; stop it first, so that nothing is on the wire.
    """
    row = session.scalars(select(Installation)).one()
    if row.moved_at is not None:
        message = "This server has been moved out already."
        raise StateError(message)
    if row.held:
        message = "Nothing is sent from here as it is. Answer first: newsletter restore"
        raise StateError(message)
    if session.scalar(select(Claim.id).where(Claim.closed_at.is_(None)).limit(1)) is not None:
        message = "Mail is on its way. Stop the server, and run this again once it has ended."
        raise StateError(message)
    session.execute(update(Installation).values(moved_at=now, held="moved_out", held_at=now))
    noted.note(session, "moved_out", now=now, generation=row.generation)
    audit.record(session, "move out", f"generation {row.generation}", editor_id=None, now=now)
    log.warning("moved out")


def move_in(session: Session, witness: Witness, *, old_is_off: bool = False, now: datetime) -> None:
    """Take over here: this machine and this folder are the installation's place from now on.

    `old_is_off` stands in for a move out that could not be done. Raises StateError where the database is
    an older copy or the old server was not moved out, and JournalError.
    """
    row = session.scalars(select(Installation)).one()
    reason = standing.judge(session, witness, row)
    if reason not in ("moved_out", "copied") or standing.judge(session, witness, row, as_moved_in=True):
        message = {
            "": "This server sends already; there is nothing to move in.",
            "restored": "This database is older than its journal. Run: newsletter restore",
        }.get(reason, "The journal did not come along whole. Copy it too, or run: newsletter restore")
        raise StateError(message)
    if reason == "copied" and not old_is_off:
        message = (
            "The old server was not moved out, and may still send. Run `newsletter move out` there; or, where it is"
            " off for good, `newsletter move in --old-server-is-off`."
        )
        raise StateError(message)
    adopting.adopt(session, witness, event="moved_in", now=now)
    audit.record(session, "move in", f"generation {row.generation}", editor_id=None, now=now)
    log.warning("moved in")
