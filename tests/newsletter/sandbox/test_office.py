"""The sample issues are right whenever they are sent, say the same in both languages, and invent no address."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

import newsletter.sandbox
from newsletter import checks, database, folder, images, issues
from newsletter.config import Settings
from newsletter.content import Fair, Food
from newsletter.rendering import editions, environment
from newsletter.sandbox import dates
from newsletter.social import summary
from tests.conftest import prepare

OFFICE = Path(newsletter.sandbox.__path__[0]) / "office"
FOLDERS = ("issue", "next")
START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize("name", FOLDERS)
@pytest.mark.parametrize("days", [0, 1, 7, 40, 96, 250, 500, 1_000])
def test_nothing_is_found_whenever_it_is_sent(engine: Engine, settings: Settings, name: str, days: int) -> None:
    send_at = (START + timedelta(days=days)).astimezone(settings.office.zone)
    publication_id = prepare(engine, settings, START)

    with database.writing(engine) as session:
        redate = dates.moving(OFFICE / name, send_at)
        issue = folder.load(session, settings, publication_id, OFFICE / name, editor_id=None, now=START, dates=redate)
        found = checks.run(session, settings, issue)

    assert [finding for finding in found if finding.check != "audience"] == []


@pytest.mark.parametrize("name", FOLDERS)
def test_the_folder_is_right_as_it_stands(engine: Engine, settings: Settings, publication_id: int, name: str) -> None:
    with database.writing(engine) as session:
        issue = folder.load(session, settings, publication_id, OFFICE / name, editor_id=None, now=START)
        found = checks.run(session, settings, issue)

    assert [finding for finding in found if finding.check != "audience"] == []


def test_the_first_issue_holds_something_of_everything(engine: Engine, settings: Settings, publication_id: int) -> None:
    with database.writing(engine) as session:
        issue = folder.load(session, settings, publication_id, OFFICE / "issue", editor_id=None, now=START)
        held = [story for _, story in issues.chosen(session, issues.content(session, issue))]

    kinds = [story.kind for story in held]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "fair": 2,
        "food": 2,
        "industry": 2,
        "report": 3,
        "notice": 3,
    }
    assert len({country for story in held for country in story.countries}) >= 6
    assert {topic.key for topic in settings.publication.topics} <= {story.topic for story in held}


@pytest.mark.parametrize("name", FOLDERS)
def test_whatever_has_a_made_up_date_says_so(
    engine: Engine, settings: Settings, publication_id: int, name: str
) -> None:
    with database.writing(engine) as session:
        issue = folder.load(session, settings, publication_id, OFFICE / name, editor_id=None, now=START)
        held = [story for _, story in issues.chosen(session, issues.content(session, issue))]

    for story in held:
        dated = isinstance(story, Fair | Food) or getattr(story, "deadline", None) is not None
        assert story.sample == dated


@pytest.mark.parametrize("name", FOLDERS)
def test_every_address_is_a_reserved_one(engine: Engine, settings: Settings, publication_id: int, name: str) -> None:
    with database.writing(engine) as session:
        issue = folder.load(session, settings, publication_id, OFFICE / name, editor_id=None, now=START)
        written = "".join(path.read_text(encoding="utf-8") for path in (OFFICE / name).glob("*.toml"))
        for language in settings.publication.languages:
            view = issues.view(session, settings, issue, language)
            rendered = editions.render(environment.create(), settings, view)
            written += rendered.html + rendered.text + summary.render(environment.create(), settings, view)

    assert set(re.findall(r"[\w.+-]+@([\w.-]+\w)", written, re.ASCII)) == {"example.org"}
    known = {"www.example.org", "127.0.0.1:8025", "www.w3.org"}
    assert set(re.findall(r"https?://([^/\s\"'<]+)", written)) <= known


def test_every_picture_is_used_and_small(now: datetime) -> None:
    named = {
        line.split('"')[1]
        for path in OFFICE.glob("*/*.toml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("picture")
    }
    pictures = list((OFFICE / "pictures").glob("*.jpg"))

    assert named == {path.name for path in pictures}
    assert all(len(images.prepare(path.read_bytes(), now=now).content) < 150_000 for path in pictures)
