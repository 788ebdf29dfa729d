"""An office with an inspection."""

from datetime import datetime

import pytest
from sqlalchemy import Engine

from newsletter.config import Settings
from tests.newsletter import newsroom
from tests.newsletter.checks.inspection import Inspection


@pytest.fixture
def inspection(engine: Engine, settings: Settings, now: datetime) -> Inspection:
    """Return an inspection of an office without readers."""
    return Inspection(newsroom.open_office(engine, settings, now))
