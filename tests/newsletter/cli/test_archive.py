"""`newsletter archive` on the command line."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from newsletter import config, database
from newsletter.archive import views
from tests.conftest import prepare
from tests.newsletter.archive import published
from tests.newsletter.archive.conftest import OUT
from tests.newsletter.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("made")


def _shelf(config_file: Path) -> Engine:
    settings = config.load(config_file)
    engine = database.connect(settings.database)
    database.upgrade(engine)
    slug = published.issue(
        engine, settings, prepare(engine, settings, OUT), number=12, published={"en": OUT, "ja": None}
    )
    with database.writing(engine) as session:
        views.add(session, {(OUT.date(), f"/en/issues/{slug}/"): 3})
    return engine


def test_the_archive_is_written_as_files_and_only_what_changed_again(run: Run, config_file: Path) -> None:
    _shelf(config_file).dispose()
    folder = config_file.parent / "public"

    first, again = run("archive", "export", folder), run("archive", "export", folder)

    assert (first.code, again.code) == (0, 0)
    assert (folder / "en" / "index.html").is_file()
    assert "0 written, 0 removed" not in first.out
    assert "0 written, 0 removed" in again.out


def test_views_are_told_for_each_issue_and_language(run: Run, config_file: Path) -> None:
    _shelf(config_file).dispose()

    told, table = run("archive", "views", "--json"), run("archive", "views")

    assert json.loads(told.out) == [{"issue": 12, "en": 3, "ja": 0}]
    assert table.code == 0
