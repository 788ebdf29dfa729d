"""An issue that has been asked for in an office with a chain: rendered once, copied for each test."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter import config, database
from newsletter.config import Settings
from tests.conftest import ROOT
from tests.newsletter import newsroom
from tests.newsletter.approvals import chain_office
from tests.newsletter.newsroom import Office

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Asked:
    """The office and the id of its asked issue."""

    office: Office
    issue_id: int


@pytest.fixture(scope="session")
def asked_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Asked]:
    """Return a SQLite file in which the first seat's turn has begun, and what is in it."""
    folder = tmp_path_factory.mktemp("asked")
    settings = config.load(ROOT / "config.toml", data_folder=folder)
    path = folder / "newsletter.sqlite"
    shutil.copyfile(migrated_file, path)
    engine = database.connect(settings.database)
    office = chain_office.open_office(engine, settings, NOW)
    with database.writing(engine) as session:
        issue = newsroom.draft(session, office)
        newsroom.ask(session, office, issue)
        issue_id = issue.id
    engine.dispose()
    return path, Asked(office, issue_id)


@pytest.fixture
def asked(settings: Settings, asked_file: tuple[Path, Asked]) -> Iterator[Asked]:
    """Return a copy of that office of the test's own."""
    path, made = asked_file
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, settings.data_folder / "newsletter.sqlite")
    engine = database.connect(settings.database)
    own = chain_office.with_approval(settings, seats=made.office.settings.approval.seats)
    office = Office(
        engine, own, made.office.publication_id, made.office.editor_id, made.office.approver_id, made.office.now
    )
    yield Asked(office, made.issue_id)
    engine.dispose()
