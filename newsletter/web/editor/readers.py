"""How many readers get which edition: counted now, or as they were enlisted."""

import json
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsletter import freezing, issues
from newsletter.choosing import stories_for
from newsletter.models import Delivery, Edition, Issue
from subscribers import audience, bits


@dataclass(frozen=True)
class Cut:
    """An edition, how many stories it holds and how many readers it has."""

    edition: Edition
    stories: int
    readers: int


@dataclass(frozen=True)
class Readership:
    """Who gets a frozen issue."""

    cuts: tuple[Cut, ...]
    nothing_for: int  # readers for whom it holds nothing
    final: bool  # enlisted; before, everybody is counted as of now

    @property
    def people(self) -> int:
        """Return how many get it."""
        return sum(cut.readers for cut in self.cuts)


def of(session: Session, issue: Issue) -> Readership:
    """Return who gets a frozen issue."""
    editions = freezing.of_issue(session, issue)
    final = any(release.released_at for release in issue.releases)
    if final:
        counts = _enlisted(session, issue)
        nothing_for = sum(release.nothing_for for release in issue.releases)
    else:
        counts, nothing_for = _due(session, issue, editions)
    cuts = (Cut(edition, len(json.loads(edition.stories)), counts[edition.id]) for edition in editions)
    return Readership(tuple(cuts), nothing_for, final)


def _enlisted(session: Session, issue: Issue) -> Counter[int]:
    query = select(Delivery.edition_id, func.count()).where(Delivery.issue_id == issue.id).group_by(Delivery.edition_id)
    return Counter(dict(session.execute(query).tuples().all()))


def _due(session: Session, issue: Issue, editions: list[Edition]) -> tuple[Counter[int], int]:
    """Count today's readers by edition; one whose choice no edition fits joined since the freezing."""
    choices = issues.choices(session, issue, bits.load(session, issue.publication_id))
    by_choice = {(edition.language, tuple(json.loads(edition.stories))): edition.id for edition in editions}
    languages = {edition.language for edition in editions}
    counts: Counter[int] = Counter()
    nothing_for = 0
    for group in audience.groups(session, issue.publication_id):
        stories = stories_for(choices, group.topics, group.interests)
        if group.language not in languages or not stories:
            nothing_for += group.count
            continue
        counts[by_choice.get((group.language, stories), 0)] += group.count
    return counts, nothing_for
