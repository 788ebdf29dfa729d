"""Corrections: what is told again, to whom it was told wrongly, and what takes its place."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.base import Base, UtcDateTime


class Correction(Base):
    """One correction of an issue that is out, or half out.

    `state`: draft, asked, approved (waits until nothing of the issue is under way), applied, dropped.
    Pages and posts are kept here until they take the place of those that are out; the editions of the
    new revision stand beside the old ones, since a delivery that was made keeps its own.
    """

    __tablename__ = "correction"
    __table_args__ = (UniqueConstraint("issue_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"))  # the issue that was wrong
    short_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), unique=True)  # the short issue that says so
    number: Mapped[int]  # the first correction of an issue is 1
    state: Mapped[str] = mapped_column(String(10), index=True)
    stories: Mapped[str] = mapped_column(Text)  # JSON list of story ids
    notes: Mapped[str] = mapped_column(Text)  # JSON: language to what was wrong, in a sentence or two
    # JSON: by language, the words of the issue itself that change: subject, preheader, introduction
    texts: Mapped[str] = mapped_column(Text, server_default="{}", default="{}")
    version: Mapped[int] = mapped_column(default=1)  # compare-and-set on every save
    base_revision: Mapped[int | None]  # the revision of the issue that was frozen before
    revision: Mapped[int | None]  # the one that takes its place
    pages: Mapped[str] = mapped_column(Text, default="[]")  # JSON: the frozen public pages
    posts: Mapped[str] = mapped_column(Text, default="[]")  # JSON: the frozen posts
    frozen_hash: Mapped[str | None] = mapped_column(String(64))  # over everything frozen
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
