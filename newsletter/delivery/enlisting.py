"""Freeze an issue's audience as rows: one delivery for each reader who is due one."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import delete, func, literal, select, update
from sqlalchemy.orm import Session

from newsletter import choosing
from newsletter.choosing import Choice
from newsletter.delivery import mapping, parts
from newsletter.delivery.mapping import Readers
from newsletter.delivery.parts import Parts
from newsletter.models import Edition, Issue, Release, Waiting
from subscribers import audience, guarded, languages
from subscribers.audience import EVERYBODY, Among, Group
from subscribers.models import Subscription

Stories = tuple[int, ...]
Weigh = Callable[[str], Sequence[Choice]]
"""Returns what decides which story goes to which reader of "en", or of "en+ja"."""
Editions = Mapping[str, Mapping[Stories, int]]
"""The ids of frozen editions, by language and by the stories they hold."""


@dataclass(frozen=True)
class Enlisted:
    """How many readers get the issue, and for how many it holds nothing."""

    enlisted: int
    nothing: int


def enlist(
    session: Session,
    *,
    issue_id: int,
    language: str,
    choices: Weigh,
    publication_id: int,
    now: datetime,
    among: Among = EVERYBODY,
) -> Enlisted:
    """Make a queued delivery for every active reader whom the issue reaches and whose last language this is.

    Readers of two languages get theirs when the second of them goes out. Until then they are noted as waiting,
    as is everybody of a later language, so that no change of mind in between loses anybody.
    Each combination of topics and interests gets its frozen edition (`edition_of`).
    Whoever has a delivery of this issue already gets no second one.
    """
    told = parts.of(session, issue_id, language, among)
    readers = audience.readers(publication_id).where(*audience.restriction(session, publication_id, among))
    waiters = readers.join(Waiting, (Waiting.subscription_id == Subscription.id) & (Waiting.issue_id == issue_id))
    editions, weigh = of_issue(session, issue_id), cache(choices)

    def fitting(group: Group) -> int | None:
        return edition_of(told.read(group.language), group, weigh, editions)

    with mapping.opened(session):
        first = _enlist(session, issue_id, readers, told.due, fitting)
        late = _enlist(session, issue_id, waiters, told.missed, fitting)
    _wait(session, issue_id, readers, told)
    done = Enlisted(first[0] + late[0], first[1] + late[1])
    _note(session, issue_id, language, done.enlisted, now=now)
    return done


def edition_of(read: str, group: Group, choices: Weigh, editions: Editions) -> int | None:
    """Return the id of the edition for readers of `read` ("en+ja") who chose as `group`; None where none fits.

    A combination unknown at freezing gets the largest edition that holds nothing its readers did not choose;
    where none is in both languages, one in their own.
    """
    for language in dict.fromkeys((read, *languages.of(read))):
        stories = choosing.stories_for(choices(language), group.topics, group.interests)
        found = edition_for(stories, editions.get(language, {}))
        if found is not None:
            return found
    return None


def edition_for(stories: Stories, editions: Mapping[Stories, int]) -> int | None:
    """Return the id of the edition for a reader of `stories`, of those in `editions`; None where none fits."""
    if not stories:
        return None
    if stories in editions:
        return editions[stories]
    wanted = set(stories)
    fitting = [held for held in editions if held and wanted.issuperset(held)]
    return editions[max(fitting, key=lambda held: (len(held), held))] if fitting else None


def of_issue(session: Session, issue_id: int) -> Editions:
    """Return the editions of the frozen revision."""
    issue = session.get_one(Issue, issue_id)
    frozen = select(Edition.language, Edition.stories, Edition.id).where(
        Edition.issue_id == issue_id, Edition.revision == issue.frozen_revision
    )
    found: dict[str, dict[Stories, int]] = {}
    for language, stories, edition_id in session.execute(frozen):
        found.setdefault(language, {})[tuple(json.loads(stories))] = edition_id
    return found


def _enlist(
    session: Session,
    issue_id: int,
    readers: Readers,
    due: Callable[[str], bool],
    fitting: Callable[[Group], int | None],
) -> tuple[int, int]:
    """Return how many were enlisted and for how many there is nothing.

    On PostgreSQL somebody may choose anew between counting the combinations and writing the rows, and a
    combination first seen then would get nothing: so it is looked for again until there is none.
    """
    enlisted = nothing = 0
    while groups := [group for group in mapping.unknown(session, readers) if due(group.language)]:
        nothing += mapping.note(session, groups, fitting)
        enlisted += mapping.deliver(session, issue_id, readers)
        if session.get_bind().dialect.name == "sqlite":  # nobody else writes meanwhile
            break
    return enlisted, nothing


def _wait(session: Session, issue_id: int, readers: Readers, told: Parts) -> None:
    """Note who reads a language that is still to come; forget everybody once the last is out."""
    if told.spoken <= told.out:
        session.execute(delete(Waiting).where(Waiting.issue_id == issue_id))
        return
    wishes = readers.with_only_columns(audience.WISH).distinct()
    later = [wish for wish in session.scalars(wishes) if told.waits(wish)]
    query = readers.with_only_columns(literal(issue_id), Subscription.id).where(audience.WISH.in_(later))
    session.execute(guarded.insert_or_skip(session, Waiting).from_select(["issue_id", "subscription_id"], query))


def _note(session: Session, issue_id: int, language: str, enlisted: int, *, now: datetime) -> None:
    change = update(Release).where(Release.issue_id == issue_id, Release.language == language)
    session.execute(
        change.values(enlisted=Release.enlisted + enlisted, released_at=func.coalesce(Release.released_at, now)),
        execution_options={"synchronize_session": False},
    )
