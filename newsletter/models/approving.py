"""What approvers were shown, and the mailed links by which they decide."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.base import Base, UtcDateTime


class ApprovalRound(Base):
    """What was frozen when approval was asked for, as text: the next round shows what differs from it."""

    __tablename__ = "approval_round"
    __table_args__ = (UniqueConstraint("issue_id", "frozen_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"))
    frozen_hash: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int]
    told: Mapped[str] = mapped_column(Text)  # JSON of `newsletter.approvals.rounds`
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ApprovalTicket(Base):
    """A mailed link of one editor about one frozen state of an issue; of its token only the hash is kept.

    `purpose`: decide (approve or send back), hold (stop what the office copy showed).
    """

    __tablename__ = "approval_ticket"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(8))
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), index=True)
    editor_id: Mapped[int] = mapped_column(ForeignKey("editor.id"))
    frozen_hash: Mapped[str] = mapped_column(String(64))
    seat: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
