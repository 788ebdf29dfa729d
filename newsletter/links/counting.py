"""How often each link of an issue was followed; by nobody in particular."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from newsletter.links import keeping
from newsletter.links.tally import Click
from newsletter.models import Link, LinkClicks


@dataclass(frozen=True)
class LinkCount:
    """One link and its clicks, in all and by the language of the edition ("en", "en+ja")."""

    link: Link
    count: int
    by_language: dict[str, int]

    def as_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        link = self.link
        told = {"number": link.number, "target": link.target, "story": link.story_id}
        return told | {"clicks": self.count, "by_language": self.by_language}


def add(session: Session, clicks: Mapping[Click, int]) -> None:
    """Add clicks to those of their days."""
    if not clicks:
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    counted = dialect.insert(LinkClicks)
    more = counted.on_conflict_do_update(
        index_elements=["link_id", "language", "day"], set_={"count": LinkClicks.count + counted.excluded.count}
    )
    # Always in one order, so that two writers do not wait for each other in a circle.
    rows = [
        {"link_id": link_id, "language": language, "day": day, "count": count}
        for (link_id, language, day), count in sorted(clicks.items())
    ]
    session.execute(more, rows)


def clicks(session: Session, issue_id: int) -> list[LinkCount]:
    """Return the links that an issue's editions hold, and any that were followed, the most followed first."""
    counts: dict[int, Counter[str]] = {}
    counted = select(LinkClicks).join(Link, Link.id == LinkClicks.link_id).where(Link.issue_id == issue_id)
    for row in session.scalars(counted):
        counts.setdefault(row.link_id, Counter())[row.language] += row.count
    followed = session.scalars(select(Link).where(Link.id.in_(counts)))
    links = {link.id: link for link in (*keeping.held(session, issue_id), *followed)}
    found = [
        LinkCount(one, counts.get(one.id, Counter()).total(), dict(counts.get(one.id, {}))) for one in links.values()
    ]
    return sorted(found, key=lambda one: (-one.count, one.link.number))


def _count(link: Link, by_language: Counter[str]) -> LinkCount:
    return LinkCount(link, by_language.total(), dict(by_language))
