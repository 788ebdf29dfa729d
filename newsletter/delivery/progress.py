"""How far an issue has come."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsletter.delivery.outbox import FINAL, OPEN
from newsletter.models import Delivery


def count(session: Session, issue_id: int) -> dict[str, int]:
    """Return how many deliveries of an issue are in each state, with 0 for those in none."""
    counted = session.execute(
        select(Delivery.state, func.count()).where(Delivery.issue_id == issue_id).group_by(Delivery.state)
    )
    return dict.fromkeys((*OPEN, *FINAL), 0) | dict(counted.all())
