"""An office with four readers and an issue."""

from datetime import datetime

import pytest
from sqlalchemy import Engine

from newsletter import database
from newsletter.config import Settings
from tests.newsletter import newsroom
from tests.newsletter.newsroom import Office


@pytest.fixture
def office(engine: Engine, settings: Settings, now: datetime) -> Office:
    """Return an office whose readers chose fairs, industry in Japanese, fairs in both languages, and food."""
    office = newsroom.open_office(engine, settings, now)
    with database.writing(engine) as session:
        newsroom.reader(session, office, 1, topics=["fairs"]).subscriber.name = "Tan Mei Ling"
        newsroom.reader(session, office, 2, topics=["industry"], language="ja").subscriber.name = "山田太郎"
        newsroom.reader(session, office, 3, topics=["fairs"]).subscriber.second_language = "ja"
        newsroom.reader(session, office, 4, topics=["food"])
    return office
