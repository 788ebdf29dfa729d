"""Series: rules that make issues by themselves."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.base import Base, UtcDateTime


class Series(Base):
    """One rule that makes issues; `rule` is the JSON of when and of what."""

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    state: Mapped[str] = mapped_column(String(10))  # running, stopped
    rule: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
