"""The published pages: one issue's, and all of a language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from newsletter.models import ArchivePage, Image, Issue


@dataclass(frozen=True)
class Entry:
    """A published issue as lists and feeds name it."""

    number: int
    slug: str
    title: str
    description: str
    published_at: datetime


@dataclass(frozen=True)
class Picture:
    """The picture of a link preview."""

    hash: str
    media_type: str
    width: int
    height: int


@dataclass(frozen=True)
class Published:
    """One issue's page; `languages` are all in which it may be read today."""

    entry: Entry
    body: str
    picture: Picture | None
    languages: tuple[str, ...]


def entries(session: Session, publication_id: int, language: str, *, limit: int | None = None) -> list[Entry]:
    """Return the published issues of a language, newest first."""
    rows = session.execute(_published(publication_id, language).order_by(Issue.number.desc()).limit(limit))
    return [_entry(row) for row in rows]


def newest(session: Session, publication_id: int, language: str) -> Entry | None:
    """Return the newest published issue of a language, or None before the first."""
    return next(iter(entries(session, publication_id, language, limit=1)), None)


def find(session: Session, publication_id: int, language: str, slug: str) -> Published | None:
    """Return an issue's page, or None: there is none, or it is not public yet."""
    statement = _published(publication_id, language).where(Issue.slug == slug)
    row = session.execute(statement.add_columns(Issue.id, ArchivePage.body, ArchivePage.image_hash)).one_or_none()
    if row is None:
        return None
    picture = session.get(Image, row.image_hash) if row.image_hash else None
    return Published(
        entry=_entry(row),
        body=row.body,
        picture=Picture(picture.hash, picture.media_type, picture.width, picture.height) if picture else None,
        languages=tuple(_languages(session, row.id)),
    )


def _published(publication_id: int, language: str) -> Select[int, str, str, str, datetime | None]:
    return (
        select(Issue.number, Issue.slug, ArchivePage.title, ArchivePage.description, ArchivePage.published_at)
        .join(Issue, Issue.id == ArchivePage.issue_id)
        .where(
            Issue.publication_id == publication_id,
            ArchivePage.language == language,
            ArchivePage.published_at.is_not(None),
        )
    )


def _entry(row: Row[*tuple[object, ...]]) -> Entry:
    return Entry(row.number, row.slug, row.title, row.description, row.published_at)


def _languages(session: Session, issue_id: int) -> Sequence[str]:
    return session.scalars(
        select(ArchivePage.language)
        .where(ArchivePage.issue_id == issue_id, ArchivePage.published_at.is_not(None))
        .order_by(ArchivePage.language)
    ).all()
