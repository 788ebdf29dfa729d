"""A content as the tree of its fields: dictionaries with values at their ends, and lists whose items have names."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from newsletter.content import Content

Path = tuple[str, ...]
Tree = dict[str, Any]


class Missing:
    """The value of a field that is not there."""

    def __repr__(self) -> str:
        return "(nothing)"

    def __bool__(self) -> bool:
        return False


MISSING: Final = Missing()

LISTS: Mapping[str, Callable[[Any], Any]] = {
    "stories": lambda choice: choice["story_id"],
    "flyers": lambda flyer: flyer["hash"],
    "openings": lambda opening: opening["day"],
    "participants": lambda name: name,
    "countries": lambda code: code,
    "languages": lambda code: code,
    "topics": lambda key: key,
}
"""Lists in which editors add, remove and move single items, and what names an item."""


def tree(content: Content) -> Tree:
    """Return the values of a content by field; nothing but plain values, dictionaries and tuples."""
    return content.model_dump(mode="python")


def is_list(path: Path, *values: Any) -> bool:
    """Return whether all these values of one field are lists of items with names of their own."""
    name = LISTS.get(path[-1]) if path else None
    if name is None or not all(isinstance(value, tuple) for value in values):
        return False
    return all(len({name(item) for item in value}) == len(value) for value in values)


def items(path: Path, value: tuple[Any, ...]) -> dict[Any, Any]:
    """Return the items of such a list by their names, in order."""
    return {LISTS[path[-1]](item): item for item in value}
