"""Data of an older version survives the way to the newest schema."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

import newsletter.models
from newsletter import database
from newsletter.errors import SettingsError

ROWS = """
INSERT INTO publication (id, key, created_at) VALUES (1, 'news', '2026-11-24 02:00:00.000000');
INSERT INTO editor (id, email, name, role, language, created_at)
 VALUES (1, 'a@example.org', 'A', 'admin', 'en', '2026-11-24 02:00:00.000000');
INSERT INTO issue (id, publication_id, number, slug, state, head, created_at)
 VALUES (1, 1, 1, '2026-11-a', 'sending', 1, '2026-11-24 02:00:00.000000');
INSERT INTO edition (id, issue_id, revision, language, stories, subject, html, text, fields, hash)
 VALUES (1, 1, 1, 'en', '[1]', 'S', 'H', 'T', 'no fields', '0');
INSERT INTO subscriber (id, subject, email, email_key, name, language, created_at)
 VALUES (1, 's', 'tan@example.test', 'tan@example.test', 'Tan', 'en', '2026-11-24 02:00:00.000000');
INSERT INTO subscription (id, subscriber_id, publication_id, state, state_at, topics, interests, source)
 VALUES (1, 1, 1, 'active', '2026-11-24 02:00:00.000000', 3, 0, '');
INSERT INTO delivery (id, issue_id, edition_id, subscription_id, subscriber_id, state, attempts)
 VALUES (1, 1, 1, 1, 1, 'sent', 1);
INSERT INTO approval (id, issue_id, revision, frozen_hash, editor_id, decision, comment, at)
 VALUES (1, 1, 1, '0', 1, 'given', '', '2026-11-24 02:00:00.000000');
"""
"""What an office may hold at the first schema."""


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Return a database of each kind at the first schema, with rows."""
    if request.param == "sqlite":
        engine = database.connect(f"sqlite:///{tmp_path / 'old.sqlite'}")
    else:
        engine = request.getfixturevalue("postgres_bare")
    _to_first(engine)
    with engine.begin() as connection:
        for statement in ROWS.strip().split(";\n"):
            connection.exec_driver_sql(statement.rstrip(";"))
    yield engine
    engine.dispose()


def test_rows_of_the_first_schema_are_kept(old: Engine) -> None:
    database.upgrade(old)

    with database.reading(old) as session:
        delivery = session.get_one(newsletter.models.Delivery, 1)
        assert (delivery.state, delivery.edition_id) == ("sent", 1)
        assert session.get_one(newsletter.models.Issue, 1).kind == "issue"
        assert session.get_one(newsletter.models.Approval, 1).deputy is False


def test_after_the_upgrade_nothing_may_point_nowhere(old: Engine) -> None:
    database.upgrade(old)

    with pytest.raises(Exception, match=r"(?i)foreign key"), database.writing(old) as session:
        session.execute(text("UPDATE delivery SET edition_id = 99"))


def test_a_database_of_a_newer_version_is_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SettingsError, match="newer version"):
        database.upgrade(engine)


def _to_first(engine: Engine) -> None:
    settings = Config()
    settings.set_main_option("script_location", str(Path(database.__file__).with_name("migrations")))
    with engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0001")
