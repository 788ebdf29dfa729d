"""Commands run in this process, as a person types them, with what they print and their exit code."""

import logging
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from newsletter import cli
from tests.conftest import ROOT


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    """Return the sample's settings in a folder of the test's own."""
    path = tmp_path / "config.toml"
    path.write_text((ROOT / "config.toml").read_text(encoding="utf-8"), encoding="utf-8")
    return path


@pytest.fixture
def made(config_file: Path, migrated_file: Path) -> None:
    """Put the database that the first command would make into the folder of the settings; making it takes longer."""
    folder = config_file.parent / "data"
    folder.mkdir()
    shutil.copyfile(migrated_file, folder / "newsletter.sqlite")


@pytest.fixture
def run(config_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Return a function that runs `newsletter --config ... WORDS`."""
    handlers = logging.getLogger().handlers[:]
    level = logging.getLogger().level
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["newsletter", "--config", str(config_file), *map(str, words)])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    yield run
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)
    structlog.reset_defaults()
