"""The two outboxes: deliveries of an issue, and letters outside any issue."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.base import Base, UtcDateTime

_QUEUED = text("state = 'queued'")
_DEFERRED = text("state = 'deferred'")
_CLAIMED = text("state IN ('claimed', 'on_wire')")
_OPEN = text("closed_at IS NULL")


class Claim(Base):
    """One process's hold on a batch of rows; the boot id tells a restart of the machine from one of the program."""

    __tablename__ = "claim"
    __table_args__ = (Index("ix_claim_open", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),)

    id: Mapped[int] = mapped_column(primary_key=True)
    boot_id: Mapped[str] = mapped_column(String(64))
    holder: Mapped[str] = mapped_column(String(128))  # host:pid
    claimed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Delivery(Base):
    """One edition to one subscriber: one row, one outcome.

    `state`: queued, claimed, on_wire, sent, deferred, refused, uncertain, withdrawn, cancelled, given_up.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("issue_id", "subscriber_id"),
        Index("ix_delivery_queued", "issue_id", "id", sqlite_where=_QUEUED, postgresql_where=_QUEUED),
        Index("ix_delivery_deferred", "next_at", sqlite_where=_DEFERRED, postgresql_where=_DEFERRED),
        Index("ix_delivery_claimed", "claim_id", sqlite_where=_CLAIMED, postgresql_where=_CLAIMED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscription.id"))
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"))
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    marked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    code: Mapped[int | None]  # the SMTP reply code
    reply: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(String(24))  # a word of `newsletter.delivery.reasons`
    # The state it was in when a person sent it again; "uncertain" stays, for then it may have arrived twice.
    resent_from: Mapped[str] = mapped_column(String(10), server_default="")
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # a person decided to leave it uncertain


class Letter(Base):
    """One mail to one address outside any issue: same states as a delivery, always ahead of issues."""

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_queued", "id", sqlite_where=_QUEUED, postgresql_where=_QUEUED),
        Index("ix_letter_deferred", "next_at", sqlite_where=_DEFERRED, postgresql_where=_DEFERRED),
        Index("ix_letter_claimed", "claim_id", sqlite_where=_CLAIMED, postgresql_where=_CLAIMED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))  # confirmation, answer, alarm, approval, report, test, login
    subscription_id: Mapped[int | None] = mapped_column(ForeignKey("subscription.id"), index=True)
    to_address: Mapped[str] = mapped_column(String(320))
    to_name: Mapped[str] = mapped_column(String(200), default="")
    envelope_sender: Mapped[str] = mapped_column(String(320), default="")  # empty: the null sender <>
    language: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    headers: Mapped[str] = mapped_column(Text, default="{}")  # JSON: further header fields
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    once: Mapped[str | None] = mapped_column(String(96), unique=True)  # a second letter of this name is not written
    state: Mapped[str] = mapped_column(String(10))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"))
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    marked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    code: Mapped[int | None]
    reply: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(String(24))
