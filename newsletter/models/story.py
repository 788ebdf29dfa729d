"""Stories, images and the revisions of stories and issues."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.base import Base, UtcDateTime


class Story(Base):
    """One piece of news; its words stand in its revisions, `head` is the newest number."""

    __tablename__ = "story"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), index=True)
    key: Mapped[str] = mapped_column(String(64), default="")  # the file name in an imported folder
    kind: Mapped[str] = mapped_column(String(10))  # fair, food, industry, report, notice
    state: Mapped[str] = mapped_column(String(10))  # proposed, accepted, used, declined
    head: Mapped[int] = mapped_column(default=0)
    doubted: Mapped[int] = mapped_column(server_default="0", default=0)  # words of older revisions need another look
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("story.id"))  # last year's fair
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StoryText(Base):
    """How far one language of a story is: it is out of date where another language changed after it.

    `changed` and `confirmed` are revision numbers: the last that changed these words, and the last for which
    somebody said that they still hold.
    """

    __tablename__ = "story_text"
    __table_args__ = (UniqueConstraint("story_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"))
    language: Mapped[str] = mapped_column(String(16))
    changed: Mapped[int] = mapped_column(default=0)
    confirmed: Mapped[int] = mapped_column(default=0)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("editor.id"))
    due_on: Mapped[date | None]


class Revision(Base):
    """One saved state of a story or an issue, as the JSON of its content (`newsletter.content`)."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("subject_kind", "subject_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(5))  # story or issue
    subject_id: Mapped[int]
    number: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("editor.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Flyer(Base):
    """A PDF named by the hash of its bytes."""

    __tablename__ = "flyer"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256, hexadecimal
    name: Mapped[str] = mapped_column(String(120), server_default="", default="")  # of its file, without .pdf
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Image(Base):
    """A re-encoded picture named by the hash of its bytes."""

    __tablename__ = "image"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256, hexadecimal
    media_type: Mapped[str] = mapped_column(String(32))
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
