"""What somebody proposes, as it is typed into the public form: only ever data."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from markupsafe import escape

from newsletter.rendering import dates
from newsletter.rendering.views import AnyStory
from newsletter.stories.wording import CONTENT
from subscribers import address
from subscribers.errors import AddressError
from subscribers.people import MAX_NAME

KINDS = ("fair", "food", "industry", "notice")
LIMITS = {"organisation": 200, "name": MAX_NAME, "title": 200, "text": 4000, "place": 200, "url": 1000, "note": 1000}
"""Characters; together they fit into a form of 64 KB even where each is written as nine bytes."""

_LEAST_TEXT = 20
"""Shorter texts are a try or a mistake, and no news."""
_WEB = re.compile(r"https?://[^\s<>\"]+\.[^\s<>\"]+")
_KEPT_CONTROLS = "\n\t"


@dataclass(frozen=True)
class Wish:
    """One proposal; `kind` is a word of `KINDS`, days are written 2026-12-17 or left empty."""

    organisation: str = ""
    name: str = ""
    email: str = ""
    language: str = ""
    kind: str = ""
    title: str = ""
    text: str = ""
    place: str = ""
    starts: str = ""
    ends: str = ""
    url: str = ""
    note: str = ""


def tidy(wish: Wish) -> Wish:
    """Return the wish without blanks around it, control characters, and line breaks where one line is asked for."""
    several = ("text", "note")
    values = {name: _tidy(value, one_line=name not in several) for name, value in vars(wish).items()}
    return Wish(**values)


def problems(wish: Wish, *, languages: tuple[str, ...]) -> dict[str, str]:
    """Return the name of a sentence for each field that cannot stay so; `wish` has been tidied."""
    found = {name: "needed" for name in ("organisation", "name", "title", "text") if not getattr(wish, name)}
    found |= {name: "long" for name, most in LIMITS.items() if len(getattr(wish, name)) > most}
    if wish.text and len(wish.text) < _LEAST_TEXT:
        found["text"] = "short"
    if wish.kind not in KINDS:
        found["kind"] = "kind"
    if wish.language not in languages:
        found["language"] = "language"
    if wish.url and not _WEB.fullmatch(wish.url):
        found["url"] = "url"
    return found | _of_address(wish.email) | _of_days(wish)


def content(wish: Wish) -> AnyStory:
    """Return the story of a wish without problems, in the language it is written in; all that was typed is escaped."""
    starts, ends = _day(wish.starts), _day(wish.ends)
    text: dict[str, object] = {"title": wish.title}
    facts: dict[str, object] = {"kind": wish.kind, "url": wish.url}
    left = ""
    if wish.kind == "fair":
        text |= {"venue": wish.place, "organiser": wish.organisation}
        facts |= {"starts": starts, "ends": ends}
    elif wish.kind == "food":
        text |= {"where": wish.place}
        facts |= {"starts": starts, "ends": ends}
    else:
        facts |= {"deadline": ends or starts} if wish.kind == "industry" else {"starts": starts}
        left = f"{dates.period(starts, ends, wish.language) if starts and ends else ''}\n{wish.place}".strip()
    text["body"] = _paragraphs(f"{wish.text}\n\n{left}")
    return CONTENT.validate_python({**facts, "texts": {wish.language: text}})


def _of_address(email: str) -> dict[str, str]:
    try:
        address.parse(email)
    except AddressError as error:
        return {"email": f"address.{error.reason}"}
    return {}


def _of_days(wish: Wish) -> dict[str, str]:
    found = {name: "day" for name in ("starts", "ends") if getattr(wish, name) and _day(getattr(wish, name)) is None}
    first, last = _day(wish.starts), _day(wish.ends)
    if first and last and last < first:
        found["ends"] = "before"
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _tidy(value: str, *, one_line: bool) -> str:
    lines = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = ["".join(each for each in line if unicodedata.category(each) != "Cc" or each == "\t") for line in lines]
    return " ".join(" ".join(kept).split()) if one_line else "\n".join(line.rstrip() for line in kept).strip()


def _paragraphs(text: str) -> str:
    """Return typed lines as HTML: a blank line ends a paragraph, a single one breaks the line."""
    parts = [part for part in re.split(r"\n\s*\n", text) if part.strip()]
    return "".join(f"<p>{'<br>'.join(str(escape(line.strip())) for line in part.splitlines())}</p>" for part in parts)
