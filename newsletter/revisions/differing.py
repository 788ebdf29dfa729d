"""What is different between two states, field by field, in the words of an editor."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from zoneinfo import ZoneInfo

from newsletter import words
from newsletter.content import Content
from newsletter.revisions import showing
from newsletter.revisions.comparing import Piece, pieces, shortened
from newsletter.revisions.fields import MISSING, Missing, Path, tree
from newsletter.revisions.showing import Names
from newsletter.words import Words

AREA = "revisions"
UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Change:
    """One field that is different; `language` is that of its words, empty where it has none."""

    path: Path
    place: str  # as "Subject" or "Alternative text of the picture"
    language: str
    before: str
    after: str
    listed: bool = False  # one item a line

    @property
    def pieces(self) -> list[Piece]:
        """Return both texts as one: what was kept, what is gone, what is new; long unchanged parts cut down."""
        return shortened(pieces(self.before, self.after, by_line=self.listed), by_line=self.listed)


def diff(
    a: Content,
    b: Content,
    say: Words | str,
    *,
    zone: ZoneInfo = UTC,
    stories: Mapping[int, str] = MappingProxyType({}),
    topics: Mapping[str, str] = MappingProxyType({}),
) -> list[Change]:
    """Return what changed from `a` to `b`, in the order in which an editor reads the fields.

    `say` are the words of the area "revisions", or a language that has them. Times are shown in `zone`;
    `stories` and `topics` are the titles of what only has an id in the contents.
    """
    names = Names(words_of(say), zone, stories, topics)
    old, new = showing.leaves((), tree(a)), showing.leaves((), tree(b))
    changed = [path for path in dict.fromkeys((*old, *new)) if old.get(path, MISSING) != new.get(path, MISSING)]
    found = [_change(names, path, old.get(path, MISSING), new.get(path, MISSING)) for path in changed]
    return sorted((one for one in found if one.before != one.after), key=lambda one: showing.rank(one.path))


def words_of(say: Words | str) -> Words:
    """Return the words in which changes are told, given themselves or their language; English where there are none."""
    if isinstance(say, Words):
        return say
    return words.load(AREA, say if say in words.languages(AREA) else "en")


def told(path: Path, value: object, say: Words, *, zone: ZoneInfo = UTC) -> str:
    """Return one value of a field, as of a conflict, in words; empty where there is none."""
    return showing.text(Names(say, zone, {}, {}), path, value)


def place(path: Path, say: Words) -> str:
    """Return the name of a field, with its language where it has one: "Subject (English)"."""
    name = showing.place(say, path)
    language = showing.language(path)
    return say("in_language", field=name, language=showing.tongue(say, language)) if language else name


def _change(names: Names, path: Path, before: object, after: object) -> Change:
    shown = showing.text(names, path, before), showing.text(names, path, after)
    if path == ("stories",) and not isinstance(before, Missing) and not isinstance(after, Missing):
        shown = showing.stories(names, before, after)
    listed = isinstance(before, tuple) or isinstance(after, tuple)
    return Change(path, showing.place(names.say, path), showing.language(path), *shown, listed=listed)
