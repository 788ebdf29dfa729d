"""The closing report: what became of every reader who was enlisted, in numbers; `telling` says it in sentences."""

from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsletter.delivery import progress, tallies, telling
from newsletter.delivery.outbox import FINAL, OPEN
from newsletter.delivery.tallies import ERASED, MOST_DOMAINS, OTHER, TROUBLE, UNTOLD, Table
from newsletter.models import Delivery, Issue, Release, Waiting

__all__ = ["ERASED", "MOST_DOMAINS", "OTHER", "TROUBLE", "UNTOLD", "Report", "Table", "build", "lines", "sentences"]

lines, sentences = telling.lines, telling.sentences


@dataclass(frozen=True)
class Report:
    """Counts only, and no address: it stays true when a reader is erased."""

    number: int
    enlisted: int  # as counted at release, not from the rows
    nothing: int  # readers for whom the issue held nothing; not enlisted
    sent: int
    refused: int
    withdrawn: int
    uncertain: int
    given_up: int
    cancelled: int
    open: int
    waiting: int = 0  # readers whose language is still to come, or never came out; not enlisted
    by_language: Table = field(default_factory=dict)
    by_topic: Table = field(default_factory=dict)  # who chose two topics counts once for each
    by_country: Table = field(default_factory=dict)  # where people live, as far as they have said
    by_reason: dict[str, int] = field(default_factory=dict)
    by_domain: Table = field(default_factory=dict)
    resent: dict[str, int] = field(default_factory=dict)  # sent again by a person, by the state before
    bounced: int = 0  # a note on sent: taken by the mail server, and come back later
    complained: int = 0  # a note on sent: called spam by the reader
    began: str = ""  # ISO 8601, UTC: the first message
    ended: str = ""  # the last answer
    round_ended: str = ""  # the last answer that needed no second attempt
    per_minute: int = 0  # in that first round

    @property
    def adds_up(self) -> bool:
        """Return whether every reader who was enlisted is found again, once."""
        found = self.sent + self.refused + self.withdrawn + self.uncertain + self.given_up + self.cancelled
        return self.enlisted == found + self.open

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain values for JSON."""
        return asdict(self) | {"adds_up": self.adds_up}


def build(session: Session, issue: Issue) -> Report:
    """Return the report as it stands now; it reads every row of the issue, so not inside a write."""
    counts = progress.count(session, issue.id)
    enlisted, nothing = session.execute(
        select(func.coalesce(func.sum(Release.enlisted), 0), func.coalesce(func.sum(Release.nothing_for), 0)).where(
            Release.issue_id == issue.id
        )
    ).one()
    groups = tallies.groups(session, issue.id, issue.publication_id)
    times = tallies.times(session, issue.id)
    notes = tallies.came_back(session, issue.id)
    return Report(
        number=issue.number,
        enlisted=int(enlisted),
        nothing=int(nothing),
        **{state: counts[state] for state in FINAL},
        open=sum(counts[state] for state in OPEN),
        waiting=_waiting(session, issue.id),
        by_language=groups.languages,
        by_topic=groups.topics,
        by_country=groups.countries,
        by_reason=tallies.reasons(session, issue.id),
        by_domain=tallies.domains(session, issue.id),
        resent=tallies.resent(session, issue.id),
        bounced=notes.get("bounce", 0),
        complained=notes.get("complaint", 0),
        began=times.began.isoformat() if times.began else "",
        ended=times.ended.isoformat() if times.ended else "",
        round_ended=times.round_ended.isoformat() if times.round_ended else "",
        per_minute=times.per_minute,
    )


def _waiting(session: Session, issue_id: int) -> int:
    got = select(Delivery.subscription_id).where(Delivery.issue_id == issue_id)
    waiting = Waiting.issue_id == issue_id, Waiting.subscription_id.not_in(got)
    return session.scalar(select(func.count()).select_from(Waiting).where(*waiting)) or 0
