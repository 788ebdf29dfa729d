"""Readers who get an issue later, because not all of their languages are out."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.base import Base


class Waiting(Base):
    """A reader who was due an issue when one language went out and reads another, or both.

    Kept so that nobody is lost who changes languages in between; gone when the last language is out.
    """

    __tablename__ = "waiting"

    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscription.id"), primary_key=True)
