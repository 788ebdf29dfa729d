"""An editor's word that a warning of the checks is known and may stand."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.base import Base, UtcDateTime


class Tick(Base):
    """One warning of one issue that somebody has looked at; it holds for later revisions that have the same warning."""

    __tablename__ = "tick"
    __table_args__ = (UniqueConstraint("issue_id", "fingerprint"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"))
    fingerprint: Mapped[str] = mapped_column(String(64))  # Finding.fingerprint
    message: Mapped[str] = mapped_column(Text)  # what the editor read
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("editor.id"))  # none: the command line
    at: Mapped[datetime] = mapped_column(UtcDateTime)
