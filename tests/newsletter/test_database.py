"""The database keeps what it is given, on both servers, and its migrations match the models."""

import threading
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

import newsletter.models
from newsletter import database
from newsletter.errors import SettingsError
from newsletter.migrations import is_of_a_model
from subscribers.base import Base
from subscribers.models import Publication


def test_migrations_give_the_schema_of_the_models(any_engine: Engine) -> None:
    assert newsletter.models.Issue.__tablename__ in Base.metadata.tables

    with any_engine.connect() as connection:
        schema = MigrationContext.configure(connection, opts={"include_object": is_of_a_model})
        differences = compare_metadata(schema, Base.metadata)

    assert differences == []


def test_a_naive_time_is_refused(engine: Engine) -> None:
    with pytest.raises(Exception, match="without a zone"), database.writing(engine) as session:
        session.add(Publication(key="a", created_at=datetime(2026, 1, 1)))  # noqa: DTZ001 - what is tested


def test_time_comes_back_aware(any_engine: Engine) -> None:
    moment = datetime(2026, 11, 24, 10, 30, 0, 123456, tzinfo=UTC)

    with database.writing(any_engine) as session:
        session.add(Publication(key="a", created_at=moment))

    with database.reading(any_engine) as session:
        assert session.query(Publication).one().created_at == moment


def test_an_error_does_not_repeat_the_values_of_a_statement(any_engine: Engine) -> None:
    with pytest.raises(DatabaseError) as caught, database.reading(any_engine) as session:
        session.execute(text("SELECT :address FROM nowhere"), {"address": "tan@example.test"})

    assert "nowhere" in str(caught.value)
    assert "tan@example.test" not in str(caught.value)


def test_parallel_writers_lose_no_update(any_engine: Engine) -> None:
    with database.writing(any_engine) as session:
        session.add(Publication(key="0", created_at=datetime(2026, 1, 1, tzinfo=UTC)))
    lock = " FOR UPDATE" if any_engine.dialect.name == "postgresql" else ""

    def add() -> None:
        for _ in range(50):
            with database.writing(any_engine) as session:
                seen = session.execute(text(f"SELECT key FROM publication{lock}")).scalar_one()  # noqa: S608
                session.execute(text("UPDATE publication SET key = :key"), {"key": str(int(seen) + 1)})

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.reading(any_engine) as session:
        assert session.query(Publication).one().key == "200"


def test_a_reader_takes_no_write_lock(engine: Engine) -> None:
    with database.reading(engine) as reader:
        reader.execute(text("SELECT 1 FROM publication"))
        with database.writing(engine) as session:
            session.add(Publication(key="a", created_at=datetime(2026, 1, 1, tzinfo=UTC)))

        assert reader.query(Publication).count() == 0


def test_a_server_out_of_reach_is_one_sentence() -> None:
    engine = database.connect("postgresql://nobody@127.0.0.1:1/none")

    with pytest.raises(SettingsError, match="does not answer"):
        database.upgrade(engine)
