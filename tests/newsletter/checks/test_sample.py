"""On the sample issues nothing is found, in either theme, nor in the mail that holds both languages."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

import newsletter.sandbox
from newsletter import database, folder
from newsletter.checks import gathering, running
from newsletter.config import Settings
from tests.newsletter import newsroom

OFFICE = Path(newsletter.sandbox.__path__[0]) / "office"


@pytest.mark.parametrize("name", ["issue", "next"])
@pytest.mark.parametrize("theme", ["paper", "journal"])
def test_a_sample_raises_no_alarm(engine: Engine, settings: Settings, now: datetime, name: str, theme: str) -> None:
    look = settings.look.model_copy(update={"theme": theme})
    office = newsroom.open_office(engine, settings.model_copy(update={"look": look}), now)
    with database.writing(engine) as session:
        for number, language in enumerate(("en", "ja", "en")):
            newsroom.reader(session, office, number, language=language, topics=["fairs", "food"])
        newsroom.reader(session, office, 9, language="ja", topics=["fairs"]).subscriber.second_language = "en"
        issue = folder.load(session, office.settings, office.publication_id, OFFICE / name, editor_id=None, now=now)

        material = gathering.gather(session, office.settings, issue, speak="en")

    assert list(material.documents) == ["en", "ja", "ja+en"]
    assert running.examine(material) == []
