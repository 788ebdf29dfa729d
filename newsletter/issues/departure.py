"""When an issue will have left: its readers, what is planned beside it, and the limits, asked of `pace.forecast`."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from newsletter.config import Settings
from newsletter.delivery import outbox, spending
from newsletter.issues import drafts, views
from newsletter.models import Delivery, Issue
from newsletter.pace import forecast
from newsletter.pace.forecast import REST, Load, Span
from newsletter.pace.groups import Groups
from subscribers import audience, languages
from subscribers.models import Subscriber


def of(
    session: Session, settings: Settings, issue: Issue, starts: Mapping[str, datetime], *, now: datetime
) -> Span | None:
    """Return when an issue leaves whose languages go out at `starts`, behind and beside what is planned already.

    None where nobody gets it. Readers for whom it may hold nothing are counted in: the end is rather too late.
    """
    return _predict(session, settings, issue, _due(session, settings, issue, starts), now=now)


def planned(session: Session, settings: Settings, issue: Issue, *, now: datetime) -> Span | None:
    """Return when a scheduled issue leaves, or what is left of one that is being sent; None for any other."""
    starts = {release.language: release.due_at for release in issue.releases if release.state == "planned"}
    if issue.state == "scheduled" and starts:
        return of(session, settings, issue, {one: max(now, at) for one, at in starts.items()}, now=now)
    if issue.state != "sending":
        return None
    return _predict(session, settings, issue, [Load(now, _open(session, settings, issue))], now=now)


def _predict(session: Session, settings: Settings, issue: Issue, mine: list[Load], *, now: datetime) -> Span | None:
    others = [one for other in _others(session, issue) for one in _of_other(session, settings, other, now=now)]
    ordered = sorted([*((issue.id, load) for load in mine), *others], key=lambda pair: pair[0])  # as they are sent
    connection = session.connection()
    return forecast.predict(
        settings.relay,
        settings.office.zone,
        [load for _, load in ordered],
        sent=spending.read(connection, now=now),
        per_second=spending.rate(connection),
    )


def _others(session: Session, issue: Issue) -> list[Issue]:
    live = Issue.state.in_(("scheduled", "sending")), Issue.paused_at.is_(None)
    return list(session.scalars(select(Issue).where(*live, Issue.id != issue.id)))


def _of_other(session: Session, settings: Settings, issue: Issue, *, now: datetime) -> list[tuple[int, Load]]:
    loads = []
    if issue.state == "sending":
        loads.append(Load(now, _open(session, settings, issue), mine=False))
    starts = {one.language: max(now, one.due_at) for one in issue.releases if one.state == "planned"}
    if starts and issue.state == "scheduled":
        loads += [Load(load.start, load.counts, mine=False) for load in _due(session, settings, issue, starts)]
    return [(issue.id, load) for load in loads]


def _due(session: Session, settings: Settings, issue: Issue, starts: Mapping[str, datetime]) -> list[Load]:
    """Count today's readers by group of domains; readers of two languages get theirs with the later one."""
    content = drafts.content(session, issue, issue.frozen_revision)
    among = views.among(content)
    domain = _domain(session)
    query = (
        audience.readers(issue.publication_id)
        .where(*audience.restriction(session, issue.publication_id, among))
        .with_only_columns(audience.WISH, domain, func.count())
        .group_by(audience.WISH, domain)
    )
    groups = Groups(settings.relay.group)
    counts: defaultdict[datetime, Counter[str]] = defaultdict(Counter)
    for wish, name, count in session.execute(query):
        moments = [starts[one] for one in languages.of(wish) if one in starts]
        if moments:
            counts[max(moments)][_group(groups, name)] += count
    return [Load(start, counts[start]) for start in sorted(counts)]


def _open(session: Session, settings: Settings, issue: Issue) -> Counter[str]:
    domain = _domain(session)
    query: Select[str, int] = (
        select(domain, func.count())
        .select_from(Delivery)
        .join(Subscriber, Subscriber.id == Delivery.subscriber_id)
        .where(Delivery.issue_id == issue.id, Delivery.state.in_(outbox.OPEN), Subscriber.email.is_not(None))
        .group_by(domain)
    )
    groups = Groups(settings.relay.group)
    counts: Counter[str] = Counter()
    for name, count in session.execute(query):
        counts[_group(groups, name)] += count
    return counts


def _domain(session: Session) -> ColumnElement[str]:
    if session.get_bind().dialect.name == "postgresql":
        return func.split_part(Subscriber.email, "@", 2)
    return func.substr(Subscriber.email, func.instr(Subscriber.email, "@") + 1)


def _group(groups: Groups, domain: str) -> str:
    found = groups.of(f"@{domain}")
    return found.name if found is not None else REST
