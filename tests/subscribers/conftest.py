"""One publication in each kind of database."""

from datetime import datetime

import pytest
from sqlalchemy import Engine

from newsletter.config import Settings
from tests.conftest import prepare


@pytest.fixture
def publication(any_engine: Engine, settings: Settings, now: datetime) -> int:
    """Return the id of the one publication in `any_engine`."""
    return prepare(any_engine, settings, now)
