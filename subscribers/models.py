"""Tables of those who receive: subscribers, subscriptions, consent and suppression."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from subscribers.base import Base, UtcDateTime


class Publication(Base):
    """One newsletter. Its words and addresses stand in `config.toml`; this row is what others point to."""

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Topic(Base):
    """The bit that stands for a topic in `Subscription.topics`; given once, never reused."""

    __tablename__ = "topic"
    __table_args__ = (UniqueConstraint("publication_id", "bit"),)

    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    bit: Mapped[int]


class Country(Base):
    """The bit that stands for a country in `Subscription.interests`; given once, never reused."""

    __tablename__ = "country"

    code: Mapped[str] = mapped_column(String(2), primary_key=True)
    bit: Mapped[int] = mapped_column(unique=True)


class Subscriber(Base):
    """A person with an address. After erasure only `id` and `subject` remain."""

    __tablename__ = "subscriber"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(32), unique=True)  # random; the ledger's name for this person
    email: Mapped[str | None] = mapped_column(String(320))  # as mail is sent to it
    email_key: Mapped[str | None] = mapped_column(String(320), unique=True)  # as it is compared
    name: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(16))
    second_language: Mapped[str] = mapped_column(String(16), server_default="", default="")  # wants both in one mail
    country: Mapped[str | None] = mapped_column(String(2))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    subscriptions: Mapped[list["Subscription"]] = relationship(back_populates="subscriber")


class Subscription(Base):
    """One subscriber's relation to one publication.

    `state`: pending, active, paused, held, filtered, left or erased (DESIGN 2).
    `topics` and `interests` are sums of 1 << bit; no interests means all countries.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        UniqueConstraint("publication_id", "subscriber_id"),
        Index("ix_subscription_state", "publication_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    state_at: Mapped[datetime] = mapped_column(UtcDateTime)
    topics: Mapped[int] = mapped_column(BigInteger, default=0)
    interests: Mapped[int] = mapped_column(BigInteger, default=0)
    source: Mapped[str] = mapped_column(String(64), default="")
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_until: Mapped[date | None]

    subscriber: Mapped[Subscriber] = relationship(back_populates="subscriptions")


class ConsentLine(Base):
    """One line of the append-only ledger; `sequence`, `previous` and `hash` are set when it is sealed (DESIGN 5.8)."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int | None] = mapped_column(ForeignKey("publication.id"))
    subject: Mapped[str] = mapped_column(String(32), index=True)
    event: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    commitment: Mapped[bytes] = mapped_column(LargeBinary(32))  # SHA-256(salt || payload)
    sequence: Mapped[int | None] = mapped_column(unique=True)
    previous: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))


class ConsentPayload(Base):
    """What a ledger line commits to, deletable without breaking the chain."""

    __tablename__ = "consent_payload"

    line_id: Mapped[int] = mapped_column(ForeignKey("consent.id"), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
    payload: Mapped[str] = mapped_column(Text)  # canonical JSON


class Suppression(Base):
    """An address, kept as a keyed hash, that only the person's own confirmed request can lift (DESIGN 5.3)."""

    __tablename__ = "suppression"
    __table_args__ = (UniqueConstraint("publication_id", "address_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    address_hash: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)  # HMAC-SHA256 of the email_key
    reason: Mapped[str] = mapped_column(String(16))  # left, bounced, complained, erased
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the one letter after a complaint was granted


class Ticket(Base):
    """A mailed link with one purpose and one effect; only the hash of its token is kept (DESIGN 5.9)."""

    __tablename__ = "ticket"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16))  # confirm, manage, address
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscription.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    payload: Mapped[str] = mapped_column(Text, default="{}")  # JSON: what takes effect on confirmation


class ReceivedMail(Base):
    """A letter the mailbox has dealt with, so that a lost connection repeats no action."""

    __tablename__ = "received_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)  # SHA-256 of the raw message
    kind: Mapped[str] = mapped_column(String(16))
    action: Mapped[str] = mapped_column(String(32))
    subscription_id: Mapped[int | None] = mapped_column(ForeignKey("subscription.id"))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    raw: Mapped[bytes | None] = mapped_column(LargeBinary)  # kept only for letters a person must read
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MailboxCursor(Base):
    """How far one folder has been read; numbers of another `uid_validity` mean nothing any more (RFC 9051 2.3.1.1)."""

    __tablename__ = "mailbox_cursor"

    mailbox: Mapped[str] = mapped_column(String(400), primary_key=True)  # user@host/folder
    uid_validity: Mapped[int] = mapped_column(BigInteger)
    next_uid: Mapped[int] = mapped_column(BigInteger)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)
