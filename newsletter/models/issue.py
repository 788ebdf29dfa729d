"""Issues and what is frozen of them: editions, archive pages, approvals, releases."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from newsletter.models.story import Image
from subscribers.base import Base, UtcDateTime


class Issue(Base):
    """An ordered choice of stories on its way to the readers.

    `state`: draft, asked, approved, scheduled, sending, closed, cancelled.
    `paused_at` stops mail and posts in any of them; `paused_reason` says why, for `delivery.whys`. `paused_for` names
    what ends the pause by itself (correction, approval); empty: only a person does.
    """

    __tablename__ = "issue"
    __table_args__ = (UniqueConstraint("publication_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    number: Mapped[int]
    slug: Mapped[str] = mapped_column(String(64), unique=True)  # unguessable path segment of its public pages
    kind: Mapped[str] = mapped_column(String(10), server_default="issue", default="issue")  # issue or correction
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("issue.id"))  # the issue a correction belongs to
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))  # the series that made it
    state: Mapped[str] = mapped_column(String(10))
    head: Mapped[int] = mapped_column(default=0)  # number of the newest revision
    frozen_revision: Mapped[int | None]  # the revision that was frozen for approval
    frozen_hash: Mapped[str | None] = mapped_column(String(64))  # over everything frozen
    frozen_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the end of the day printed in what is frozen
    # JSON: when the day printed in each language begins and ends
    frozen_days: Mapped[str] = mapped_column(Text, server_default="{}", default="{}")
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_reason: Mapped[str | None] = mapped_column(Text)
    paused_for: Mapped[str] = mapped_column(String(12), server_default="", default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    report: Mapped[str | None] = mapped_column(Text)  # JSON of the closing report

    releases: Mapped[list["Release"]] = relationship(back_populates="issue", order_by="Release.language")
    corrects: Mapped["Issue | None"] = relationship(remote_side="Issue.id")

    @property
    def called(self) -> int:
        """Return the number by which people know it: a correction goes by that of the issue it corrects."""
        return self.corrects.number if self.corrects is not None else self.number


class Release(Base):
    """When one language of an issue goes out. `state`: planned, released, held, cancelled."""

    __tablename__ = "release"
    __table_args__ = (
        UniqueConstraint("issue_id", "language"),
        Index("ix_release_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"))
    language: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # a person lets it go out on another day than the one printed in it
    as_printed: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    copied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when the office copy was written
    copied_as: Mapped[str] = mapped_column(Text, server_default="", default="")  # of which frozen state and time
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    enlisted: Mapped[int] = mapped_column(default=0)  # deliveries made; the closing report must find them all
    nothing_for: Mapped[int] = mapped_column(default=0)  # active readers for whom the issue holds nothing

    issue: Mapped[Issue] = relationship(back_populates="releases")


class Edition(Base):
    """One frozen rendering: a language and the stories included.

    `language` is "en", or "en+ja" for readers who want both, the first of them leading.
    `html` and `text` hold opaque placeholders where a reader's own words go; `fields` is the
    JSON object {field name: placeholder} (`newsletter.message.fields`).
    """

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("issue_id", "revision", "language", "stories"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"))
    revision: Mapped[int]
    language: Mapped[str] = mapped_column(String(16))
    stories: Mapped[str] = mapped_column(Text)  # JSON list of story ids, in order
    subject: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    fields: Mapped[str] = mapped_column(Text)
    links: Mapped[str] = mapped_column(Text, server_default="{}", default="{}")  # JSON: short links and their places
    flyers: Mapped[str] = mapped_column(Text, server_default="[]", default="[]")  # JSON: [hash, name] of those enclosed
    hash: Mapped[str] = mapped_column(String(64))


class ArchivePage(Base):
    """The frozen public page of an issue in one language; public from `published_at` on."""

    __tablename__ = "archive_page"
    __table_args__ = (UniqueConstraint("issue_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"))
    language: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)  # HTML of the article, without the page around it
    image_hash: Mapped[str | None] = mapped_column(ForeignKey("image.hash"))  # Open Graph picture
    hash: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # after a correction

    card: Mapped[Image | None] = relationship()


class Approval(Base):
    """A named editor's word on one frozen revision. `decision`: asked, given, refused, voided, missed."""

    __tablename__ = "approval"

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), index=True)
    revision: Mapped[int]
    frozen_hash: Mapped[str] = mapped_column(String(64))
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("editor.id"))  # none: the command line
    seat: Mapped[int | None]  # which seat of the chain, from 0; none: asked, voided, or no chain
    deputy: Mapped[bool] = mapped_column(server_default=text("false"), default=False)  # given in another's absence
    seat_title: Mapped[str] = mapped_column(Text, server_default="{}", default="{}")  # JSON: its name by language, then
    instead_of: Mapped[str] = mapped_column(Text, server_default="", default="")  # whom a deputy stood in for
    decision: Mapped[str] = mapped_column(String(10))
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
