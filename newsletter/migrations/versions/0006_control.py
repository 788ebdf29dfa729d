"""Deliveries that a person sent again, and those a person decided to leave as they are."""

import sqlalchemy as sa
from alembic import op

from subscribers.base import UtcDateTime

revision = "0006"
down_revision = "0007"


def upgrade() -> None:
    """Apply the change."""
    op.add_column("delivery", sa.Column("resent_from", sa.String(length=10), server_default="", nullable=False))
    op.add_column("delivery", sa.Column("left_at", UtcDateTime(), nullable=True))
