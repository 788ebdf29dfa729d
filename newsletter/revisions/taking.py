"""One field of a content as another content has it: how an editor settles a conflict."""

from typing import Any, TypeVar

from newsletter.content import Content
from newsletter.revisions import order
from newsletter.revisions.fields import LISTS, MISSING, Path, items, tree

_Content = TypeVar("_Content", bound=Content)


def take(mine: _Content, theirs: Content, path: Path) -> _Content:
    """Return `mine` with the field at `path` as it is in `theirs`; raise ValueError where that is impossible."""
    return mine.__class__.model_validate(_taken(tree(mine), tree(theirs), (), path))


def at(content: Content, path: Path) -> Any:
    """Return the value at `path`, an item of a list by its name; MISSING where there is none."""
    value: Any = tree(content)
    for depth, name in enumerate(path):
        value = _named(path[:depth], value)
        value = value.get(name, MISSING) if isinstance(value, dict) else MISSING
    return value


def _taken(mine: Any, theirs: Any, done: Path, rest: Path) -> Any:
    if not rest:
        return theirs
    if rest == ("order",):
        places = {name: place for place, name in enumerate(items(done, theirs))}
        named = LISTS[done[-1]]
        return tuple(sorted(mine, key=lambda item: places.get(named(item), len(places))))
    ours, others = _named(done, mine), _named(done, theirs)
    inner = _taken(ours.get(rest[0], MISSING), others.get(rest[0], MISSING), (*done, rest[0]), rest[1:])
    names = order.joined(list(ours), [name for name in others if name in ours or name == rest[0]])
    changed = {name: inner if name == rest[0] else ours[name] for name in names}
    kept = {name: value for name, value in changed.items() if value is not MISSING}
    return kept if isinstance(mine, dict) else tuple(kept.values())


def _named(path: Path, value: Any) -> dict[str, Any]:
    """Return the branches of a value by name."""
    if isinstance(value, dict):
        return value
    if isinstance(value, tuple) and path and path[-1] in LISTS:
        return {str(name): item for name, item in items(path, value).items()}
    return {}
