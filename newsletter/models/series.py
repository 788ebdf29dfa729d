"""Series: rules that make issues by themselves, what became of each day, and who agreed to the rule."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.base import Base, UtcDateTime


class Series(Base):
    """One rule that makes issues; `rule` is the JSON of `newsletter.series.Rule`."""

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    state: Mapped[str] = mapped_column(String(10))  # running, stopped
    rule: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)  # compare-and-set on every save
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # days before it are nobody's business
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SeriesRun(Base):
    """What became of one day of a series: a day has one run, however many clocks tick.

    `state`: made (a draft of the clock's), asked, scheduled, skipped, missed, handed_over (a person goes on).
    """

    __tablename__ = "series_run"
    __table_args__ = (UniqueConstraint("series_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    day: Mapped[date]  # as the rule has it, before it moves off a closed day
    send_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(24), default="")  # names the sentence that says why
    found: Mapped[int] = mapped_column(default=0)  # stories that the pool held
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issue.id"), index=True)
    head: Mapped[int | None]  # the revision that the clock made; another one is a person's
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SeriesApproval(Base):
    """A named editor's standing word on one series, its rule and its templates. `decision`: asked, given, voided."""

    __tablename__ = "series_approval"

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), index=True)
    frozen_hash: Mapped[str] = mapped_column(String(64))  # over the rule, the sender and the templates
    rule: Mapped[str] = mapped_column(Text)  # as it was agreed to
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("editor.id"))
    seat: Mapped[int | None]  # which seat of the chain, from 0; none: no chain
    deputy: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    decision: Mapped[str] = mapped_column(String(10))
    until: Mapped[date | None]  # the last day on which it counts
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def seat_title(self) -> str:
        """Return no title: those of all seats are part of what was agreed to."""
        return "{}"
