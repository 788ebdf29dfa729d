"""What the database knows of the journal outside it (DESIGN 5.7)."""

from datetime import datetime

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.base import Base, UtcDateTime


class Installation(Base):
    """The one row that says which installation this is, where it lives, and how far it follows its journal.

    `held` names why nothing may be sent or posted; empty: all is well.
    """

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # always 1
    name: Mapped[str] = mapped_column(String(32))  # random; stands in every line of the journal
    generation: Mapped[int]  # one more after each restore
    sequence: Mapped[int] = mapped_column(BigInteger)  # the last line of the journal that this database knows
    place: Mapped[str] = mapped_column(String(160))  # `newsletter.journal.place`
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    moved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when sending was given up for another server
    held: Mapped[str] = mapped_column(String(16))
    held_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JournalDebt(Base):
    """A line that could not be written to the journal when it happened; it goes in first when that is possible."""

    __tablename__ = "journal_debt"

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    of: Mapped[str] = mapped_column(Text)  # JSON
