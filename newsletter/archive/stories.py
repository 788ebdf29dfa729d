"""Published stories: one of them, those of a topic, and the fairs that are still to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, Select, extract, func, or_, select
from sqlalchemy.orm import Session

from newsletter.archive import telling
from newsletter.models import ArchivePage, Issue, PublishedStory
from newsletter.rendering.views import AnyStory, StoryView

LENGTH = 40
"""Stories on one page of a topic."""
_COLUMNS = (
    PublishedStory.story_id,
    PublishedStory.language,
    PublishedStory.revision,
    PublishedStory.kind,
    PublishedStory.topic,
    PublishedStory.title,
    PublishedStory.summary,
    PublishedStory.slug,
    PublishedStory.status,
    PublishedStory.starts,
    PublishedStory.ends,
    PublishedStory.published_at,
    PublishedStory.updated_at,
)


@dataclass(frozen=True)
class Told:
    """A published story as lists name it."""

    story_id: int
    language: str
    revision: int
    kind: str
    topic: str | None
    title: str
    summary: str
    slug: str
    status: str
    starts: date | None
    ends: date | None
    published_at: datetime
    updated_at: datetime

    @property
    def takes_place(self) -> bool:
        """Return whether its dates still hold."""
        return self.status not in {"postponed", "cancelled"}


@dataclass(frozen=True)
class Home:
    """The newest issue that tells a story."""

    number: int
    slug: str
    title: str
    image_hash: str | None


@dataclass(frozen=True)
class Page:
    """Everything a story's own page says."""

    told: Told
    view: StoryView
    home: Home
    languages: tuple[str, ...]


def find(session: Session, publication_id: int, language: str, story_id: int) -> Page | None:
    """Return a story's page, or None where no issue has told it in this language."""
    here = _all(publication_id, language).where(PublishedStory.story_id == story_id)
    row = session.execute(here).one_or_none()
    if row is None:
        return None
    told = _told(row)
    return Page(
        told=told,
        view=StoryView(story_id, language, content(session, told)),
        home=_home(session, story_id, language),
        languages=tuple(_languages(session, story_id)),
    )


def content(session: Session, told: Told) -> AnyStory:
    """Return what a story says in the revision that is public."""
    return telling.read(session, told.story_id, told.revision)


def of_topic(
    session: Session, publication_id: int, language: str, topic: str, *, year: int | None = None, limit: int = LENGTH
) -> list[Told]:
    """Return the stories of a topic, newest first: the last ones, or all of a year."""
    statement = _all(publication_id, language).where(PublishedStory.topic == topic)
    if year is not None:
        statement = statement.where(extract("year", PublishedStory.published_at) == year)
    rows = session.execute(statement.order_by(PublishedStory.id.desc()).limit(limit))
    return [_told(row) for row in rows]


def years(session: Session, publication_id: int, language: str, topic: str) -> list[int]:
    """Return the years in which stories of a topic were published, newest first."""
    year = extract("year", PublishedStory.published_at)
    found = select(year).where(
        PublishedStory.publication_id == publication_id,
        PublishedStory.language == language,
        PublishedStory.topic == topic,
    )
    return [int(one) for one in session.scalars(found.distinct().order_by(year.desc()))]


def coming(session: Session, publication_id: int, language: str, today: date) -> list[Told]:
    """Return the fairs that have not ended, the next one first; those postponed or cancelled too, marked so."""
    last = func.coalesce(PublishedStory.ends, PublishedStory.starts)
    rows = session.execute(_fairs(publication_id, language).where(last >= today).order_by(*_BY_DAY))
    return [_told(row) for row in rows]


def fairs(session: Session, publication_id: int, language: str, *, topic: str | None, since: date) -> list[Told]:
    """Return the fairs of a calendar that ended on `since` or later."""
    last = func.coalesce(PublishedStory.ends, PublishedStory.starts)
    statement = _fairs(publication_id, language).where(last >= since).order_by(*_BY_DAY)
    if topic is not None:
        statement = statement.where(PublishedStory.topic == topic)
    return [_told(row) for row in session.execute(statement)]


def every(session: Session, publication_id: int, *, limit: int) -> list[Told]:
    """Return the newest stories in all languages, for the list of all pages."""
    statement = select(*_COLUMNS).where(PublishedStory.publication_id == publication_id)
    return [_told(row) for row in session.execute(statement.order_by(PublishedStory.id.desc()).limit(limit))]


_BY_DAY = (PublishedStory.starts, PublishedStory.ends, PublishedStory.story_id)


def _all(publication_id: int, language: str) -> Select[*tuple[object, ...]]:
    return select(*_COLUMNS).where(PublishedStory.publication_id == publication_id, PublishedStory.language == language)


def _fairs(publication_id: int, language: str) -> Select[*tuple[object, ...]]:
    return _all(publication_id, language).where(
        PublishedStory.kind == "fair", or_(PublishedStory.starts.is_not(None), PublishedStory.ends.is_not(None))
    )


def _told(row: Row[*tuple[object, ...]]) -> Told:
    return Told(*row)  # type: ignore[arg-type] # the columns stand in the order of the fields


def _home(session: Session, story_id: int, language: str) -> Home:
    row = session.execute(
        select(Issue.number, Issue.slug, ArchivePage.title, ArchivePage.image_hash)
        .join(PublishedStory, PublishedStory.issue_id == Issue.id)
        .join(ArchivePage, (ArchivePage.issue_id == Issue.id) & (ArchivePage.language == PublishedStory.language))
        .where(PublishedStory.story_id == story_id, PublishedStory.language == language)
    ).one()
    return Home(*row)


def _languages(session: Session, story_id: int) -> Sequence[str]:
    found = select(PublishedStory.language).where(PublishedStory.story_id == story_id)
    return session.scalars(found.order_by(PublishedStory.language)).all()
