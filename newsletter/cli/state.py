"""What a command works on: settings, keys, a migrated database and the publication, opened when first asked for."""

import functools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from jobs.tasks.deps import Deps
from newsletter import config, database, journal, keys, paths, publications
from newsletter.cli import logs
from newsletter.config import Settings
from newsletter.keys import Keys
from newsletter.web import inside
from newsletter.web.context import Context


def settings_path(given: Path | None) -> Path:
    """Return the settings file: named, from NEWSLETTER_CONFIG, ./config.toml, or the bundled sample."""
    if given:
        return given
    if named := os.environ.get("NEWSLETTER_CONFIG"):
        return Path(named)
    here = Path("config.toml")
    return here if here.exists() else paths.bundled("config.toml")


@dataclass(frozen=True)
class State:
    """Kept by typer for the command that runs."""

    path: Path

    @cached_property
    def settings(self) -> Settings:
        """Read the settings and configure logging by them."""
        settings = config.load(self.path)
        logs.configure(settings.log)
        return settings

    @cached_property
    def keys(self) -> Keys:
        """Return the installation's secrets, made now if this is the first start."""
        return keys.load(self.settings.data_folder)

    @cached_property
    def engine(self) -> Engine:
        """Return the engine of a database at the newest schema, whose journal has been compared with it."""
        engine = database.connect(self.settings.database)
        database.upgrade(engine)
        journal.attach(engine, self.settings, self.keys)
        journal.look(engine)
        return engine

    @cached_property
    def publication_id(self) -> int:
        """Return the publication's id, with its row and bits made if missing."""
        with database.writing(self.engine) as session:
            return publications.sync(session, self.settings.publication, now=self.now()).id

    @cached_property
    def deps(self) -> Deps:
        """Return what tasks are given."""
        export = functools.partial(inside.write_archive, self.context)
        return Deps(self.settings, self.keys, self.engine, self.publication_id, export=export)

    @cached_property
    def context(self) -> Context:
        """Return what pages are given."""
        return Context(self.settings, self.keys, self.engine, self.publication_id)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session to read, with the publication's row in place before it begins."""
        _ = self.publication_id
        with database.reading(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session to write; making the publication's row inside it would wait for its own lock."""
        _ = self.publication_id
        with database.writing(self.engine) as session:
            yield session

    @staticmethod
    def now() -> datetime:
        """Return the present moment; the command line is an edge that may read the clock."""
        return datetime.now(UTC)
