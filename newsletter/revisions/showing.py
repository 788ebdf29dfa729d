"""Fields and their values as an editor reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale

from newsletter.rendering import dates
from newsletter.revisions.fields import Missing, Path
from newsletter.revisions.prose import markdown
from newsletter.words import Words

BY_LANGUAGE = ("texts", "alt", "caption", "later")
"""Fields whose next level is a language."""

SILENT = ("width", "height", "size", "kind_of")
"""Values that change with another and say nothing to a person."""

FIRST = ("kind", "status")
ORDER = ("kind", "status", "subject", "title", "preheader", "introduction", "summary", "body", "post", "link_label")
"""What is read first; everything else keeps the order of its model."""

_HTML = ("introduction", "body")
_OTHERWISE_ITS_OWN = ("kind", "status", "about")


@dataclass(frozen=True)
class Names:
    """The words, and the titles of what a content only points to."""

    say: Words
    zone: ZoneInfo
    stories: Mapping[int, str]
    topics: Mapping[str, str]


def leaves(path: Path, value: Any) -> dict[Path, Any]:
    """Return every value at the end of a branch, by its path."""
    if not isinstance(value, dict):
        return {path: value} if path[-1] not in SILENT else {}
    found: dict[Path, Any] = {}
    for name, inner in value.items():
        found |= leaves((*path, str(name)), inner)
    return found


def language(path: Path) -> str:
    """Return the language a field's words are in, or an empty string."""
    return next((path[at + 1] for at, name in enumerate(path[:-1]) if name in BY_LANGUAGE), "")


def field(path: Path) -> str:
    """Return the name of a field without its language: "subject", "picture.alt"."""
    spoken = language(path)
    return ".".join(name for name in path if name not in (spoken, "texts")) or "texts"


def place(say: Words, path: Path) -> str:
    """Return what an editor calls a field."""
    name = f"field.{field(path)}"
    return say(name) if name in say.names() else path[-1].replace("_", " ")


def tongue(say: Words, code: str) -> str:
    """Return the name of a language, or its code where there are no words for it."""
    return say(f"languages.{code}") if f"languages.{code}" in say.names() else code


def rank(path: Path) -> tuple[int, int, str]:
    """Return where a change is read: what it is about, then the words by importance, then the common fields."""
    spoken = language(path)
    group = 0 if path[-1] in FIRST else 1 if spoken else 2
    return group, ORDER.index(path[-1]) if path[-1] in ORDER else len(ORDER), spoken


def text(names: Names, path: Path, value: Any) -> str:
    """Return a value as a person reads it; empty for what is not there."""
    if value is None or isinstance(value, Missing):
        return ""
    if isinstance(value, dict):
        return "\n".join(filter(None, (text(names, (*path, str(key)), one) for key, one in value.items())))
    if isinstance(value, tuple):
        return "\n".join(item(names, path, one) for one in value)
    if isinstance(value, str):
        return markdown(value, escape=False) if path[-1] in _HTML else _named(names, path, value)
    return _plain(names, value)


def _plain(names: Names, value: Any) -> str:
    """Return a value that is neither words nor made of others."""
    if isinstance(value, bool):
        return names.say("yes" if value else "no")
    if isinstance(value, datetime):
        local = value.astimezone(names.zone)
        return f"{dates.day(local.date(), names.say.language)} {local:%H:%M}"
    return dates.day(value, names.say.language) if isinstance(value, date) else str(value)


def item(names: Names, path: Path, value: Any) -> str:
    """Return one item of a list, on a line of its own."""
    if path[-1] == "stories":
        return names.stories.get(value["story_id"], names.say("story", number=value["story_id"]))
    if path[-1] == "openings":
        hours = f"{value['opens']:%H:%M}–{value['closes']:%H:%M}"
        return f"{dates.day(value['day'], names.say.language)} {hours}"
    if path[-1] == "flyers":
        return " / ".join(value["title"].values())
    if path[-1] == "focus":
        return f"{value:.0%}"
    return _named(names, path, str(value))


def stories(names: Names, before: Any, after: Any) -> tuple[str, str]:
    """Return the stories of two states, a line each; whose words alone are newer is said."""
    older = {choice["story_id"]: choice["revision"] for choice in before}
    lines = []
    for choice in after:
        line = item(names, ("stories",), choice)
        newer = older.get(choice["story_id"], choice["revision"]) != choice["revision"]
        lines.append(names.say("other_words", story=line) if newer else line)
    return text(names, ("stories",), before), "\n".join(lines)


def _named(names: Names, path: Path, value: str) -> str:
    """Return the title of what a code stands for: a topic, a country, a language, a word of our own."""
    if path[-1] in ("topic", "sections", "topics"):
        return names.topics.get(value, value or names.say("notices"))
    if path[-1] in ("country", "countries"):
        return str(Locale.parse(names.say.language).territories.get(value, value))
    if path[-1] in ("only", "languages"):
        return tongue(names.say, value)
    if path[-1] == "hash":
        return names.say("a_picture", mark=value[:6])
    own = f"{path[-1]}.{value}"
    return names.say(own) if path[-1] in _OTHERWISE_ITS_OWN and own in names.say.names() else value
