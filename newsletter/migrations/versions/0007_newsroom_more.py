"""Corrections of an issue's own words, and parts that a person sends with the date of another day."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0003"


def upgrade() -> None:
    """Apply the change."""
    op.add_column("correction", sa.Column("texts", sa.Text(), server_default="{}", nullable=False))
    op.add_column("release", sa.Column("as_printed", sa.Boolean(), server_default=sa.text("false"), nullable=False))
