"""The outbox of social posts and the record of each attempt."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.base import Base, UtcDateTime


class Post(Base):
    """One text with a link on one page, for one issue, language and purpose: at most one visible post.

    `state`: frozen (awaits release), planned, publishing, published, waiting, failed, in_doubt,
    needs_person, by_hand (no page connected: a person copies it), editing (a correction of a post that is out),
    cancelled.
    """

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("page", "issue_id", "language", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"))
    page: Mapped[str] = mapped_column(String(64))  # page id; "by-hand" where none is connected
    language: Mapped[str] = mapped_column(String(16))
    purpose: Mapped[str] = mapped_column(String(16))  # announcement, reminder, correction
    text: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(Text)
    marker: Mapped[str] = mapped_column(String(64))  # the unguessable part of the link, looked for on the page
    image_hash: Mapped[str | None] = mapped_column(ForeignKey("image.hash"))
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(default=0)  # compare-and-set on every change of state
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remote_id: Mapped[str | None] = mapped_column(String(128))
    permalink: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reads: Mapped[int] = mapped_column(default=0)  # how often the page was read in vain since it is in doubt
    reason: Mapped[str | None] = mapped_column(String(24))  # names the sentence for the editor in any language
    note: Mapped[str | None] = mapped_column(Text)  # that sentence in English
    detail: Mapped[str | None] = mapped_column(Text)  # the server's own words, or the links that were found


class PostAttempt(Base):
    """One call that may have made a post; append-only, written before the call and completed after it."""

    __tablename__ = "post_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    claimed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline_at: Mapped[datetime] = mapped_column(UtcDateTime)
    payload_hash: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(16))
    http_status: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(24))
    code: Mapped[int | None]
    subcode: Mapped[int | None]
    trace: Mapped[str | None] = mapped_column(String(64))
    remote_id: Mapped[str | None] = mapped_column(String(128))
    body: Mapped[str | None] = mapped_column(Text)  # the beginning of the answer, without secrets
