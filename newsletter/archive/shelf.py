"""The published pages: one issue's, and all of a language.

A correction's own issue has a page and stands in no list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from newsletter.models import ArchiveNote, ArchivePage, Image, Issue


@dataclass(frozen=True)
class Entry:
    """A published issue as lists and feeds name it; `changed_at` is its last correction, or its publication."""

    number: int
    slug: str
    title: str
    description: str
    published_at: datetime
    changed_at: datetime
    notes: tuple[str, ...] = ()  # what was put right, the newest first


@dataclass(frozen=True)
class Picture:
    """The picture of a link preview."""

    hash: str
    media_type: str
    width: int
    height: int


@dataclass(frozen=True)
class Note:
    """What was put right, and when."""

    said: str
    at: datetime


@dataclass(frozen=True)
class Published:
    """One issue's page; `languages` are all in which it may be read today."""

    entry: Entry
    body: str
    picture: Picture | None
    languages: tuple[str, ...]
    notes: tuple[Note, ...]
    listed: bool  # a correction is not


def entries(session: Session, publication_id: int, language: str, *, limit: int | None = None) -> list[Entry]:
    """Return the published issues of a language, newest first."""
    listed = _published(publication_id, language).where(Issue.kind == "issue").order_by(Issue.number.desc())
    rows = session.execute(listed.limit(limit)).all()
    notes = _notes(session, [row.id for row in rows], language)
    return [_entry(row, notes.get(row.id, ())) for row in rows]


def newest(session: Session, publication_id: int, language: str) -> Entry | None:
    """Return the newest published issue of a language, or None before the first."""
    return next(iter(entries(session, publication_id, language, limit=1)), None)


def find(session: Session, publication_id: int, language: str, slug: str) -> Published | None:
    """Return an issue's page, or None: there is none, or it is not public yet."""
    statement = _published(publication_id, language).where(Issue.slug == slug)
    row = session.execute(statement.add_columns(ArchivePage.body, ArchivePage.image_hash, Issue.kind)).one_or_none()
    if row is None:
        return None
    notes = _notes(session, [row.id], language).get(row.id, ())
    picture = session.get(Image, row.image_hash) if row.image_hash else None
    return Published(
        entry=_entry(row, notes),
        body=row.body,
        picture=Picture(picture.hash, picture.media_type, picture.width, picture.height) if picture else None,
        languages=tuple(_languages(session, row.id)),
        notes=notes,
        listed=row.kind == "issue",
    )


def _published(publication_id: int, language: str) -> Select[int, int, str, str, str, datetime | None, datetime | None]:
    return (
        select(
            Issue.id,
            Issue.number,
            Issue.slug,
            ArchivePage.title,
            ArchivePage.description,
            ArchivePage.published_at,
            ArchivePage.updated_at,
        )
        .join(Issue, Issue.id == ArchivePage.issue_id)
        .where(
            Issue.publication_id == publication_id,
            ArchivePage.language == language,
            ArchivePage.published_at.is_not(None),
        )
    )


def _entry(row: Row[*tuple[object, ...]], notes: Sequence[Note]) -> Entry:
    changed = row.updated_at or row.published_at
    told = tuple(note.said for note in notes)
    return Entry(row.number, row.slug, row.title, row.description, row.published_at, changed, told)


def _notes(session: Session, issue_ids: Sequence[int], language: str) -> dict[int, tuple[Note, ...]]:
    rows = session.scalars(
        select(ArchiveNote)
        .where(ArchiveNote.issue_id.in_(issue_ids), ArchiveNote.language == language)
        .order_by(ArchiveNote.id.desc())
    ).all()
    return {
        issue_id: tuple(Note(row.said, row.at) for row in rows if row.issue_id == issue_id)
        for issue_id in {row.issue_id for row in rows}
    }


def _languages(session: Session, issue_id: int) -> Sequence[str]:
    return session.scalars(
        select(ArchivePage.language)
        .where(ArchivePage.issue_id == issue_id, ArchivePage.published_at.is_not(None))
        .order_by(ArchivePage.language)
    ).all()
