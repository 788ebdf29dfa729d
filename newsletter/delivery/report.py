"""The closing report: what became of every reader who was enlisted, in numbers and in sentences."""

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from newsletter import words
from newsletter.delivery import progress
from newsletter.delivery.outbox import FINAL, OPEN
from newsletter.models import Delivery, Edition, Issue, Release, Waiting
from subscribers.models import Subscriber

MOST_DOMAINS = 20
OTHER = "other"
"""All the domains after the largest."""
ERASED = "erased"
"""Readers whose address is gone."""
TROUBLE = ("refused", "given_up", "uncertain", "deferred")
"""States that have a reason."""

Table = dict[str, dict[str, int]]
"""Counts by a word and by state: {"ja": {"sent": 12}}."""


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
    by_reason: dict[str, int] = field(default_factory=dict)
    by_domain: Table = field(default_factory=dict)

    @property
    def adds_up(self) -> bool:
        """Return whether every reader who was enlisted is found again, once."""
        found = self.sent + self.refused + self.withdrawn + self.uncertain + self.given_up + self.cancelled
        return self.enlisted == found + self.open

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain values for JSON."""
        return asdict(self) | {"adds_up": self.adds_up}


def build(session: Session, issue: Issue) -> Report:
    """Return the report as it stands now."""
    counts = progress.count(session, issue.id)
    enlisted, nothing = session.execute(
        select(func.coalesce(func.sum(Release.enlisted), 0), func.coalesce(func.sum(Release.nothing_for), 0)).where(
            Release.issue_id == issue.id
        )
    ).one()
    return Report(
        number=issue.number,
        enlisted=int(enlisted),
        nothing=int(nothing),
        **{state: counts[state] for state in FINAL},
        open=sum(counts[state] for state in OPEN),
        waiting=_waiting(session, issue.id),
        by_language=_by_language(session, issue.id),
        by_reason=_by_reason(session, issue.id),
        by_domain=_by_domain(session, issue.id),
    )


def sentences(report: Report, language: str) -> str:
    """Return the report as a person would tell it, one sentence a line."""
    return "\n".join(lines(report, language))


def lines(report: Report, language: str) -> list[str]:
    """Return the sentences of the report; what did not happen is not told, except that the sum is always there."""
    say = words.load("report", language if language in words.languages("report") else "en")
    told = [say("sent", people=_people(say, report.sent))]
    for state in ("refused", "withdrawn", "uncertain", "given_up", "cancelled", "open"):
        count = getattr(report, state)
        if count:
            told.append(say(state, people=_people(say, count)))
    if report.by_reason:
        listed = [say("reason_count", reason=_reason(say, reason), count=n) for reason, n in report.by_reason.items()]
        told.append(say("reasons", reasons=say("comma").join(listed)))
    if report.nothing:
        told.append(say("nothing", people=_people(say, report.nothing)))
    if report.waiting:
        told.append(say("waiting", people=_people(say, report.waiting)))
    parts = [say(f"part.{state}", count=f"{getattr(report, state):,}") for state in (*FINAL, "open")]
    shown = [
        part for part, state in zip(parts, (*FINAL, "open"), strict=True) if state == "sent" or getattr(report, state)
    ]
    told.append(say("sum" if report.adds_up else "sum_wrong", enlisted=f"{report.enlisted:,}", parts=" + ".join(shown)))
    return told


def _people(say: words.Words, count: int) -> str:
    return say("people.one" if count == 1 else "people.many", count=f"{count:,}")


def _reason(say: words.Words, reason: str) -> str:
    name = f"reason.{reason}"
    return say(name if name in say.names() else "reason.other")


def _waiting(session: Session, issue_id: int) -> int:
    got = select(Delivery.subscription_id).where(Delivery.issue_id == issue_id)
    waiting = Waiting.issue_id == issue_id, Waiting.subscription_id.not_in(got)
    return session.scalar(select(func.count()).select_from(Waiting).where(*waiting)) or 0


def _by_language(session: Session, issue_id: int) -> Table:
    found = session.execute(
        select(Edition.language, Delivery.state, func.count())
        .join(Edition, Edition.id == Delivery.edition_id)
        .where(Delivery.issue_id == issue_id)
        .group_by(Edition.language, Delivery.state)
        .order_by(Edition.language, Delivery.state)
    )
    return _table(found.all())


def _by_reason(session: Session, issue_id: int) -> dict[str, int]:
    reason = func.coalesce(Delivery.reason, OTHER)
    found = session.execute(
        select(reason, func.count())
        .where(Delivery.issue_id == issue_id, Delivery.state.in_(TROUBLE))
        .group_by(reason)
        .order_by(func.count().desc(), reason)
    )
    return dict(found.all())


def _by_domain(session: Session, issue_id: int) -> Table:
    domain = func.coalesce(_domain(session), ERASED)
    found = session.execute(
        select(domain, Delivery.state, func.count())
        .join(Subscriber, Subscriber.id == Delivery.subscriber_id)
        .where(Delivery.issue_id == issue_id)
        .group_by(domain, Delivery.state)
    )
    table = _table(found.all())
    by_size = sorted(table, key=lambda name: (-sum(table[name].values()), name))
    kept = {name: table[name] for name in by_size[:MOST_DOMAINS]}
    for name in by_size[MOST_DOMAINS:]:
        for state, count in table[name].items():
            other = kept.setdefault(OTHER, {})
            other[state] = other.get(state, 0) + count
    return kept


def _domain(session: Session) -> ColumnElement[str]:
    if session.get_bind().dialect.name == "postgresql":
        return func.split_part(Subscriber.email, "@", 2)
    return func.substr(Subscriber.email, func.instr(Subscriber.email, "@") + 1)


def _table(rows: Any) -> Table:
    table: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for word, state, count in rows:
        table[word][state] = count
    return dict(table)
