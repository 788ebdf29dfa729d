"""Search: SQLite's and PostgreSQL's full-text index over the words of published stories."""

from alembic import op

revision = "0003"
down_revision = "0002"

_SQLITE = (
    # Pairs of characters are words already: FTS5 only parts them at spaces and keeps marks, which Thai vowels are.
    # Words begin with two letters for their language, so that beginnings of up to three letters have an index.
    (
        "CREATE VIRTUAL TABLE story_search USING fts5(words, content='story_words', content_rowid='id', prefix='3 4 5',"
        " tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* M* Co'\")"
    ),
    (
        "CREATE TRIGGER story_words_added AFTER INSERT ON story_words BEGIN"
        " INSERT INTO story_search (rowid, words) VALUES (new.id, new.words); END"
    ),
    (
        "CREATE TRIGGER story_words_removed AFTER DELETE ON story_words BEGIN"
        " INSERT INTO story_search (story_search, rowid, words) VALUES ('delete', old.id, old.words); END"
    ),
    (
        "CREATE TRIGGER story_words_changed AFTER UPDATE ON story_words BEGIN"
        " INSERT INTO story_search (story_search, rowid, words) VALUES ('delete', old.id, old.words);"
        " INSERT INTO story_search (rowid, words) VALUES (new.id, new.words); END"
    ),
)
_POSTGRES = (
    # Kept ready, since making a tsvector of a text for each row that is looked at costs more than looking.
    "ALTER TABLE story_words ADD COLUMN story_search tsvector GENERATED ALWAYS AS (CAST(words AS tsvector)) STORED",
    "CREATE INDEX ix_story_search ON story_words USING gin (story_search)",
)


def upgrade() -> None:
    """Apply the change."""
    for statement in _POSTGRES if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)
