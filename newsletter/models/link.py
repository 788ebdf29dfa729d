"""Where the links of an issue lead, and how often each was followed; nobody who follows one is known."""

from datetime import date

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.base import Base


class Link(Base):
    """One address that an issue leads to; `code` stands for it in our short address."""

    __tablename__ = "link"
    __table_args__ = (UniqueConstraint("issue_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"))
    number: Mapped[int]  # in the order in which the issue first led there
    code: Mapped[str] = mapped_column(String(16), unique=True)
    target: Mapped[str] = mapped_column(Text)
    story_id: Mapped[int | None] = mapped_column(ForeignKey("story.id"), index=True)  # the story it belongs to


class LinkClicks(Base):
    """How often a link was followed on one day, in the office's zone, from editions of one language."""

    __tablename__ = "link_clicks"

    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(16), primary_key=True)  # of the edition: "en", "en+ja"
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]
