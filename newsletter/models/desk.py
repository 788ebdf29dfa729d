"""Editors, their sessions, and the audit trail."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from subscribers.base import Base, UtcDateTime


class Editor(Base):
    """A member of the office. `role`: editor, approver or admin (each may do what the former may)."""

    __tablename__ = "editor"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(16), default="en")
    password_hash: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    away_from: Mapped[date | None]  # days of absence, both included: a deputy may take the seat
    away_until: Mapped[date | None]


class EditorSession(Base):
    """One log-in in one browser; the cookie holds a random token, this row its hash."""

    __tablename__ = "editor_session"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    editor_id: Mapped[int] = mapped_column(ForeignKey("editor.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)

    editor: Mapped[Editor] = relationship()


class Audit(Base):
    """Who did what to which thing, when; append-only."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("editor.id"))  # none: the clock or the command line
    action: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(64))  # "issue 12"
    detail: Mapped[str] = mapped_column(Text, default="{}")
