"""Flyers, hours, the point that stays in view and the other fields of a story's file."""

from datetime import date, datetime, time
from pathlib import Path

import pytest
from PIL import Image as Pixels
from sqlalchemy import Engine

from newsletter import database, flyers, folder, issues, stories
from newsletter.config import Settings
from newsletter.content import Fair
from newsletter.errors import InvalidContentError
from tests.newsletter.test_flyers import PDF

FAIR = """
kind = "fair"
starts = 2026-12-17
ends = 2026-12-18
openings = ["2026-12-17 10:00-20:00", "2026-12-18 9:30〜18:00"]
zone = "Asia/Bangkok"
country = "TH"
status = "changed"
picture = "booth.png"
focus = "top left"
flyers = ["fair.pdf"]
attach = true
only = "en"

[en]
title = "FIT"
alt = "A booth"
flyers = ["All booths at a glance"]
"""


class Desk:
    """A folder with one fair, and what becomes of it."""

    def __init__(self, engine: Engine, settings: Settings, publication_id: int, now: datetime, path: Path) -> None:
        self.engine, self.settings, self.publication_id, self.now, self.path = (
            engine,
            settings,
            publication_id,
            now,
            path,
        )
        (path / "pictures").mkdir(parents=True)
        (path / "flyers").mkdir()
        (path / "issue.toml").write_text('[en]\nsubject = "News"\n', encoding="utf-8")
        (path / "flyers" / "fair.pdf").write_bytes(PDF)
        Pixels.new("RGB", (40, 30), "red").save(path / "pictures" / "booth.png")

    def load(self, text: str) -> Fair:
        (self.path / "01-fair.toml").write_text(text, encoding="utf-8")
        with database.writing(self.engine) as session:
            issue = folder.load(session, self.settings, self.publication_id, self.path, editor_id=None, now=self.now)
            content = stories.content(session, issues.content(session, issue).stories[0].story_id)
            for one in content.flyers:
                assert flyers.get(session, one.hash).content == PDF
        assert isinstance(content, Fair)
        return content


@pytest.fixture
def desk(engine: Engine, settings: Settings, publication_id: int, now: datetime, tmp_path: Path) -> Desk:
    return Desk(engine, settings, publication_id, now, tmp_path / "issue")


def test_every_field_of_a_fair_can_be_written_in_its_file(desk: Desk) -> None:
    fair = desk.load(FAIR)

    hours = [(one.day, one.opens, one.closes) for one in fair.openings]
    assert hours == [
        (date(2026, 12, 17), time(10), time(20)),
        (date(2026, 12, 18), time(9, 30), time(18)),
    ]
    assert (fair.zone, fair.country, fair.status, fair.only) == ("Asia/Bangkok", "TH", "changed", "en")
    assert fair.picture is not None
    assert fair.picture.focus == (0.17, 0.17)
    (flyer,) = fair.flyers
    assert (flyer.title, flyer.size, flyer.attach) == ({"en": "All booths at a glance"}, len(PDF), True)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"2026-12-17 10:00-20:00"', '"17 December, 10 to 20"', "01-fair.toml, line 5, openings: write a list of days"),
        ("10:00-20:00", "20:00-10:00", "openings: write a list of days"),
        ("10:00-20:00", "10:00-25:00", "openings: write a list of days"),
        ('"top left"', '"up"', "line 10, focus: write one of"),
        ('["fair.pdf"]', '["other.pdf"]', "line 11, flyers: there is no file flyers/other.pdf."),
        ('["fair.pdf"]', '["../issue.toml"]', "flyers: write a list of files"),
        ('["All booths at a glance"]', '["One", "Two"]', "[en] flyers: write a title for each flyer"),
        ("attach = true", 'attach = "often"', "flyers: write true or false"),
    ],
)
def test_a_mistake_is_told_with_its_place(desk: Desk, old: str, new: str, told: str) -> None:
    with pytest.raises(InvalidContentError) as refused:
        desk.load(FAIR.replace(old, new))

    assert told in str(refused.value)


def test_a_flyer_that_is_no_pdf_is_named(desk: Desk) -> None:
    (desk.path / "flyers" / "fair.pdf").write_bytes(b"PK a Word file")

    with pytest.raises(InvalidContentError, match=r"flyers: flyers/fair\.pdf: That is not a PDF\."):
        desk.load(FAIR)
