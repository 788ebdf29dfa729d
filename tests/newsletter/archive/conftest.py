"""A shelf to look at: what was published, on both databases."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from newsletter.config import Settings
from newsletter.models import Issue
from tests.conftest import prepare
from tests.newsletter.archive import published

OUT = datetime(2026, 11, 3, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Shelf:
    """A database with one published issue."""

    engine: Engine
    settings: Settings
    publication_id: int
    slug: str

    def issue(self, session: Session) -> Issue:
        """Return the issue."""
        return session.query(Issue).filter_by(slug=self.slug).one()


@pytest.fixture
def shelf(any_engine: Engine, settings: Settings) -> Shelf:
    """Return a database of each kind with the sample issue published in both languages."""
    return fill(any_engine, settings)


@pytest.fixture
def small(engine: Engine, settings: Settings) -> Shelf:
    """Return the same on SQLite alone."""
    return fill(engine, settings)


def fill(engine: Engine, settings: Settings) -> Shelf:
    """Publish the sample issue."""
    publication_id = prepare(engine, settings, OUT)
    slug = published.issue(engine, settings, publication_id, number=12, published={"en": OUT, "ja": OUT})
    return Shelf(engine, settings, publication_id, slug)
