"""What the public archive knows: the stories as they were published, their words for the search, and its version."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.base import Base, UtcDateTime


class PublishedStory(Base):
    """One story in one language as the public reads it; its words are those of `revision`, never a draft's."""

    __tablename__ = "published_story"
    __table_args__ = (
        UniqueConstraint("story_id", "language"),
        Index("ix_published_story_topic", "publication_id", "language", "topic", "id"),
        Index("ix_published_story_days", "publication_id", "language", "kind", "starts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"))
    language: Mapped[str] = mapped_column(String(16))
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), index=True)  # the newest issue that tells it
    revision: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    topic: Mapped[str | None] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    slug: Mapped[str] = mapped_column(String(64))  # the words in its address
    status: Mapped[str] = mapped_column(String(10))  # a fair's; empty for others
    starts: Mapped[date | None]
    ends: Mapped[date | None]
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StoryWords(Base):
    """What a published story says, plain, and the same cut into words as this database's search wants them."""

    __tablename__ = "story_words"

    id: Mapped[int] = mapped_column(ForeignKey("published_story.id", ondelete="CASCADE"), primary_key=True)
    plain: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)


class ArchiveNote(Base):
    """What was put right in a published issue, in the words shown above its page and in the feed."""

    __tablename__ = "archive_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), index=True)
    language: Mapped[str] = mapped_column(String(16))
    said: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ArchiveState(Base):
    """The version of a publication's archive: whatever changes a public page makes it one higher."""

    __tablename__ = "archive_state"

    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    version: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    exported: Mapped[int] = mapped_column(server_default=text("0"), default=0)  # the version last written as files
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when an export was last begun


class PageViews(Base):
    """How often a public page was asked for on one day; nothing is known about who asked."""

    __tablename__ = "page_views"

    day: Mapped[date] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    count: Mapped[int]
