"""Two orders of a list made from one: brought together where only one of them moved anything."""

from collections.abc import Sequence
from typing import TypeVar

_Name = TypeVar("_Name")


def merge(base: Sequence[_Name], mine: Sequence[_Name], theirs: Sequence[_Name]) -> tuple[list[_Name], bool]:
    """Return all names of `mine` and `theirs` in order, and whether the two agreed.

    Who moved what both have decides over its order; what only one has follows the neighbour it follows there.
    Where both moved things differently, mine is the order.
    """
    common = set(mine) & set(theirs)
    before = [name for name in base if name in common]
    ours = [name for name in mine if name in common]
    others = [name for name in theirs if name in common]
    known = set(before)
    moved = [name for name in ours if name in known] != before
    they_moved = [name for name in others if name in known] != before
    agreed = ours == others or not (moved and they_moved)
    leading, following = (mine, theirs) if moved or not they_moved else (theirs, mine)
    return joined(leading, following), agreed


def joined(leading: Sequence[_Name], following: Sequence[_Name]) -> list[_Name]:
    """Return `leading` with each name that only `following` has behind the one it follows there."""
    names = list(leading)
    for place, name in enumerate(following):
        if name not in names:
            before = next((one for one in reversed(following[:place]) if one in names), None)
            names.insert(names.index(before) + 1 if before is not None else 0, name)
    return names
