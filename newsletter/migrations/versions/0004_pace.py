"""How many messages left in each minute, and how fast the last issue went."""

import sqlalchemy as sa
from alembic import op

from subscribers.base import UtcDateTime

revision = "0004"
down_revision = "0005"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "pace_count",
        sa.Column("minute", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("minute", name=op.f("pk_pace_count")),
    )
    op.create_table(
        "pace_rate",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("messages_per_hour", sa.Integer(), nullable=False),
        sa.Column("measured_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pace_rate")),
    )
