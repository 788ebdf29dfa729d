"""How many readers get which edition: counted now, or as they were enlisted."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsletter import freezing, issues
from newsletter.choosing import Choice
from newsletter.delivery import enlisting
from newsletter.issues import views
from newsletter.models import Delivery, Edition, Issue
from subscribers import audience, bits, languages

MOST = 6
"""Editions of a language that are named; an issue of ten stories has dozens, most for a handful of readers."""


@dataclass(frozen=True)
class Cut:
    """An edition, the stories it holds by topic ("" for what goes to everybody), and how many readers it has."""

    edition: Edition
    stories: int
    topics: dict[str, int]
    readers: int


@dataclass(frozen=True)
class Readership:
    """Who gets a frozen issue."""

    cuts: tuple[Cut, ...]  # of each language the complete one first, then those with the most readers
    nothing_for: int  # readers for whom it holds nothing
    final: bool  # all are enlisted; before, whoever is not is counted as of now

    @property
    def people(self) -> int:
        """Return how many get it."""
        return sum(cut.readers for cut in self.cuts)

    @property
    def pairs(self) -> list[str]:
        """Return the languages of editions in two languages ("en+ja")."""
        found = dict.fromkeys(cut.edition.language for cut in self.cuts)
        return [language for language in found if languages.BOTH in language]

    def named(self, language: str) -> list[Cut]:
        """Return the editions of a language that are worth a look first."""
        return self._of(language)[:MOST]

    def further(self, language: str) -> list[Cut]:
        """Return the others."""
        return self._of(language)[MOST:]

    def _of(self, language: str) -> list[Cut]:
        return [cut for cut in self.cuts if cut.edition.language == language]


def of(session: Session, issue: Issue) -> Readership:
    """Return who gets a frozen issue."""
    editions = freezing.of_issue(session, issue)
    held = issues.chosen(session, issues.content(session, issue, issue.frozen_revision))
    topics = {story_id: story.topic or "" for story_id, story in held}
    out = {release.language for release in issue.releases if release.released_at}
    final = bool(out) and all(release.released_at or release.state == "cancelled" for release in issue.releases)
    enlisted = _enlisted(session, issue) if out else Counter[int]()
    if final:
        counts, nothing_for = enlisted, sum(release.nothing_for for release in issue.releases)
    else:
        counts, nothing_for = _due(session, issue)
        gone = [one.id for one in editions if out.issuperset(languages.of(one.language))]
        counts = Counter({**counts, **{edition_id: enlisted[edition_id] for edition_id in gone}})
    shown = [one for one in editions if counts[one.id] or not out]  # a correction freezes others nobody may need
    cuts = sorted((_cut(edition, topics, counts) for edition in shown), key=lambda cut: _rank(cut, len(held)))
    return Readership(tuple(cuts), nothing_for, final)


def _cut(edition: Edition, topics: Mapping[int, str], counts: Counter[int]) -> Cut:
    stories: list[int] = json.loads(edition.stories)
    return Cut(edition, len(stories), dict(Counter(topics[story] for story in stories)), counts[edition.id])


def _rank(cut: Cut, all_stories: int) -> tuple[str, bool, int, int, int]:
    return cut.edition.language, cut.stories != all_stories, -cut.readers, -cut.stories, cut.edition.id


def _enlisted(session: Session, issue: Issue) -> Counter[int]:
    query = select(Delivery.edition_id, func.count()).where(Delivery.issue_id == issue.id).group_by(Delivery.edition_id)
    return Counter(dict(session.execute(query).all()))


def _due(session: Session, issue: Issue) -> tuple[Counter[int], int]:
    """Count today's readers by edition, as they would be enlisted."""
    content = issues.content(session, issue, issue.frozen_revision)
    held, known = issues.chosen(session, content), bits.load(session, issue.publication_id)
    among, editions = views.among(content), enlisting.of_issue(session, issue.id)
    readable = [language for language in content.texts if not among.languages or language in among.languages]
    counts: Counter[int] = Counter()
    nothing_for = 0

    @cache
    def weigh(language: str) -> list[Choice]:
        return views.weigh(held, known, language)

    for group in audience.groups(session, issue.publication_id, among):
        read = languages.within(group.language, readable)
        edition_id = enlisting.edition_of(read, group, weigh, editions)
        if edition_id is not None:
            counts[edition_id] += group.count
        elif read:
            nothing_for += group.count
    return counts, nothing_for
