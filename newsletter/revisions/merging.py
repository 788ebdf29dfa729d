"""Bring together what two editors made of one state: different fields merge, the same field is asked about."""

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from newsletter.content import Content
from newsletter.revisions import order
from newsletter.revisions.fields import MISSING, Path, Tree, is_list, items, tree

_Content = TypeVar("_Content", bound=Content)

PICTURE = "picture"
"""Its words mean another thing once the picture is another: they merge only where it is the same."""


@dataclass(frozen=True)
class Conflict:
    """One field that both have changed differently; a value is `MISSING` where somebody took the field away."""

    path: Path  # as ("texts", "ja", "title")
    base: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True)
class Merged(Generic[_Content]):
    """The result: `content` where everything merged, else none; `draft` has my words where there is a conflict."""

    content: _Content | None
    conflicts: list[Conflict]
    draft: _Content


@dataclass
class _Work:
    """What is found on the way."""

    conflicts: list[Conflict] = field(default_factory=list)

    def clash(self, path: Path, base: Any, mine: Any, theirs: Any) -> Any:
        """Note a conflict and go on with my value."""
        self.conflicts.append(Conflict(path, base, mine, theirs))
        return mine


def merge(base: _Content, mine: _Content, theirs: _Content) -> Merged[_Content]:
    """Return `theirs` with what `mine` changed since `base`, or the fields that both changed differently.

    Lists of stories, countries, flyers and the like merge by item, the order of the stories too unless both
    changed it. What merges field by field and is impossible as a whole counts as changed by both.
    """
    if len({base.__class__, mine.__class__, theirs.__class__}) > 1:
        return _of_other_kinds(base, mine, theirs)
    work = _Work()
    values = _fields((), tree(base), tree(mine), tree(theirs), work)
    _keep_days_in_order(values, tree(base), tree(mine), tree(theirs), work)
    try:
        draft = mine.__class__.model_validate(values)
    except ValidationError:
        return Merged(None, [*work.conflicts, Conflict((), base, mine, theirs)], mine)
    return Merged(None if work.conflicts else draft, work.conflicts, draft)


def _of_other_kinds(base: _Content, mine: _Content, theirs: _Content) -> Merged[_Content]:
    """Merge a story that became one of another kind: its fields cannot be compared one by one."""
    if theirs in (base, mine):
        return Merged(mine, [], mine)
    if mine == base:
        return Merged(theirs, [], theirs)
    kinds = (getattr(one, "kind", "") for one in (base, mine, theirs))
    return Merged(None, [Conflict(("kind",), *kinds)], mine)


def _merged(path: Path, base: Any, mine: Any, theirs: Any, work: _Work) -> Any:
    if theirs in (mine, base):
        return mine
    if mine == base:
        return theirs
    if all(isinstance(value, dict) for value in (base, mine, theirs)):
        apart = path[-1:] == (PICTURE,) and not base["hash"] == mine["hash"] == theirs["hash"]
        return work.clash(path, base, mine, theirs) if apart else _fields(path, base, mine, theirs, work)
    if is_list(path, base, mine, theirs):
        return _list(path, base, mine, theirs, work)
    if path[:1] == ("stories",) and path[-1] == "revision":
        return max(mine, theirs)  # both took newer words of a story: the newest hold everything
    return work.clash(path, base, mine, theirs)


def _fields(path: Path, base: Tree, mine: Tree, theirs: Tree, work: _Work) -> Tree:
    merged: Tree = {}
    for name in dict.fromkeys((*theirs, *mine, *base)):
        old, ours, others = (one.get(name, MISSING) for one in (base, mine, theirs))
        value = _merged((*path, name), old, ours, others, work)
        if value is not MISSING:
            merged[name] = value
    return merged


def _list(
    path: Path, base: tuple[Any, ...], mine: tuple[Any, ...], theirs: tuple[Any, ...], work: _Work
) -> tuple[Any, ...]:
    """Merge item by item, then put what is left in order."""
    named = [items(path, one) for one in (base, mine, theirs)]
    old, ours, others = ({str(name): item for name, item in one.items()} for one in named)
    keep = _fields(path, old, ours, others, work)
    wanted = [[name for name in one if str(name) in keep] for one in named]
    placed, agreed = order.merge(*wanted)
    if not agreed:
        work.clash((*path, "order"), *(tuple(one) for one in wanted))
    return tuple(keep[str(name)] for name in placed)


def _keep_days_in_order(values: Tree, base: Tree, mine: Tree, theirs: Tree, work: _Work) -> None:
    """Ask where one moved the first day and the other the last, so that it would end before it begins."""
    first, last = values.get("starts"), values.get("ends")
    if not first or not last or first <= last:
        return
    for name in ("starts", "ends"):
        if not any(conflict.path == (name,) for conflict in work.conflicts) and mine[name] != theirs[name]:
            values[name] = work.clash((name,), base[name], mine[name], theirs[name])
