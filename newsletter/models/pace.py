"""What must be known of earlier runs so that no limit of the mail server is exceeded."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.base import Base, UtcDateTime


class PaceCount(Base):
    """How many messages went on the wire in a minute; written with their marks, forgotten after two days."""

    __tablename__ = "pace_count"

    minute: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)  # since 1970, UTC
    messages: Mapped[int]


class PaceRate(Base):
    """How fast the last issue went where nothing but the mail server held it up; one row."""

    __tablename__ = "pace_rate"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    messages_per_hour: Mapped[int]
    measured_at: Mapped[datetime] = mapped_column(UtcDateTime)
