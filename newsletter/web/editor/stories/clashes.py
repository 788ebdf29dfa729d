"""Fields that two editors changed: both texts, and the choice between them."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData

from newsletter import revisions
from newsletter.errors import StaleError
from newsletter.rendering.views import AnyStory
from newsletter.revisions import Conflict
from newsletter.web.editor.desk import Desk
from newsletter.web.editor.stories import form


@dataclass(frozen=True)
class Clash:
    """One field, its name in the form being the path to it."""

    name: str
    place: str
    language: str
    mine: str
    theirs: str
    base: str


def all_of(at: Desk, conflicts: Sequence[Conflict]) -> list[Clash]:
    """Return what is to be asked about, in the editor's language."""
    return [_clash(at, conflict) for conflict in conflicts]


def settled(sent: FormData, mine: AnyStory, theirs: AnyStory) -> AnyStory:
    """Return my content with their field wherever the editor chose it; raise StaleError for a field that is none."""
    chosen = [form.one(sent, name) for name in sent if name.startswith("keep.")]
    for value in chosen:
        if value != "mine":
            try:
                mine = revisions.take(mine, theirs, tuple(value.split(".")) if value else ())
            except (ValueError, KeyError, AttributeError) as error:
                raise StaleError from error
    return mine


def _clash(at: Desk, conflict: Conflict) -> Clash:
    say, path = revisions.words_of(at.language), conflict.path
    mine, theirs, base = (
        revisions.told(path, value, say, zone=at.zone) for value in (conflict.mine, conflict.theirs, conflict.base)
    )
    language = path[1] if path[:1] == ("texts",) else ""
    return Clash(".".join(path), revisions.place(path, say), language, mine, theirs, base)
