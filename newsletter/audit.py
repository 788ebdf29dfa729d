"""The audit trail: who did what to which thing."""

import json
from datetime import datetime

from sqlalchemy.orm import Session

from newsletter.models import Audit


def record(
    session: Session, action: str, subject: str, *, editor_id: int | None, now: datetime, **detail: object
) -> None:
    """Add a line; `subject` is a thing and its id ("issue 12"), `editor_id` none for clock and command line."""
    line = Audit(at=now, editor_id=editor_id, action=action, subject=subject, detail=json.dumps(detail, default=str))
    session.add(line)
