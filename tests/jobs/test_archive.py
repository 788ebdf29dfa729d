"""After a release the files are renewed and the office's command is run, once, and again where it failed."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from jobs.tasks.archive import RETRY, refresh_archive
from jobs.tasks.deps import Deps
from newsletter import archive, database
from newsletter.archive import publishing
from newsletter.config import Settings
from newsletter.keys import Keys
from newsletter.models import Editor, Letter


@dataclass
class Office:
    """A publication whose archive changes, and what the clock is given."""

    deps: Deps
    now: datetime
    exports: list[Path] = field(default_factory=list)

    def change(self) -> None:
        """Let a public page change."""
        with database.writing(self.deps.engine) as session:
            publishing.touch(session, self.deps.publication_id)

    def letters(self) -> list[str]:
        """Return who was written to."""
        with database.reading(self.deps.engine) as session:
            return [letter.to_address for letter in session.query(Letter)]


Open = Callable[..., Office]


@pytest.fixture
def opened(engine: Engine, publication_id: int, settings: Settings, keys: Keys, now: datetime) -> Open:
    """Return a function that opens an office with settings of its archive."""

    def open_one(**wanted: object) -> Office:
        changed = settings.archive.model_copy(update={"export_folder": settings.data_folder / "public", **wanted})
        given = settings.model_copy(update={"archive": changed})
        office = Office(Deps(given, keys, engine, publication_id), now)
        office.deps = Deps(given, keys, engine, publication_id, now=lambda: office.now, export=office.exports.append)
        with database.writing(engine) as session:
            session.add(Editor(email="hana@example.org", name="Hana", role="editor", language="ja", created_at=now))
        return office

    return open_one


def _program(folder: Path, code: str) -> str:
    path = folder / "carry.py"
    path.write_text(f"import json, sys, pathlib\n{code}\n", encoding="utf-8")
    return f"python3 {path} {{folder}}"


def test_files_are_renewed_once_for_each_change(opened: Open, settings: Settings) -> None:
    office = opened()

    assert refresh_archive(office.deps) == 0
    office.change()
    office.change()

    assert [refresh_archive(office.deps) for _ in range(3)] == [1, 0, 0]
    assert office.exports == [settings.data_folder / "public"]


def test_the_command_is_told_the_folder_as_one_word(opened: Open, tmp_path: Path) -> None:
    folder = tmp_path / "public; touch x"
    told = tmp_path / "told.json"
    command = _program(tmp_path, f"pathlib.Path({str(told)!r}).write_text(json.dumps(sys.argv[1:]))")
    office = opened(after_release=command, export_folder=folder)
    office.change()

    assert refresh_archive(office.deps) == 1

    assert json.loads(told.read_text()) == [str(folder)]


@pytest.mark.parametrize("command", ["/no/such/program", "python3 -c 'raise SystemExit(3)'", "'unclosed"])
def test_what_fails_is_told_once_a_day_and_tried_again(opened: Open, command: str) -> None:
    office = opened(after_release=command)
    office.change()

    assert refresh_archive(office.deps) == 0
    assert refresh_archive(office.deps) == 0
    assert len(office.exports) == 1
    office.now += RETRY + timedelta(seconds=1)
    refresh_archive(office.deps)

    assert len(office.exports) == 2
    assert office.letters() == ["hana@example.org"]


def test_a_command_that_hangs_is_ended(opened: Open) -> None:
    office = opened(after_release="sleep 60", command_seconds=0.1)
    office.change()

    assert refresh_archive(office.deps) == 0
    assert office.letters() == ["hana@example.org"]


def test_two_clocks_write_the_files_once(opened: Open) -> None:
    office = opened()
    office.change()
    second: list[int] = []
    office.deps = Deps(
        office.deps.settings,
        office.deps.keys,
        office.deps.engine,
        office.deps.publication_id,
        now=office.deps.now,
        export=lambda _: second.append(refresh_archive(office.deps)),
    )

    assert refresh_archive(office.deps) == 1

    assert second == [0]


def test_a_change_during_the_export_is_not_lost(opened: Open) -> None:
    office = opened()
    office.change()
    seen: list[int] = []

    def export(_: Path) -> None:
        with database.reading(office.deps.engine) as session:
            seen.append(archive.version(session, office.deps.publication_id))
        if len(seen) == 1:
            office.change()

    old = office.deps
    office.deps = Deps(old.settings, old.keys, old.engine, old.publication_id, now=old.now, export=export)

    assert [refresh_archive(office.deps) for _ in range(3)] == [1, 1, 0]
    assert seen == [1, 2]


def test_nothing_happens_where_nothing_is_asked_for(opened: Open) -> None:
    office = opened(export_folder=None)
    office.change()

    assert refresh_archive(office.deps) == 0
