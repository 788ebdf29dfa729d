"""Alembic migrations, from the first table on."""

SEARCH = ("story_search", "ix_story_search")
"""How the tables and the index of the search are named, which no model can say (0003)."""


def is_of_a_model(_thing: object, name: str | None, _kind: str, _reflected: object, _other: object) -> bool:
    """Return whether the comparison of schema and models should look at something: Alembic's `include_object`."""
    return not (name or "").startswith(SEARCH)
