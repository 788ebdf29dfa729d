"""What a look at the target of a link found; kept so that checks need no network."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.base import Base, UtcDateTime


class Probe(Base):
    """The newest look at one address."""

    __tablename__ = "probe"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of the address, hexadecimal
    target: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(16))  # a name of `checks.links.probed.OUTCOMES`
    status: Mapped[int | None]  # of the last answer
    final: Mapped[str] = mapped_column(Text, default="")  # where redirects led
    at: Mapped[datetime] = mapped_column(UtcDateTime)
