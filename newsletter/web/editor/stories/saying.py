"""From the form to a story's content, or to what is wrong with each field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from newsletter import revisions
from newsletter.config import Settings
from newsletter.folder import markdown
from newsletter.rendering.views import AnyStory
from newsletter.stories.wording import CONTENT
from newsletter.web.editor.stories import fields, zones
from newsletter.web.editor.stories.form import Form, day

_WEB = re.compile(r"(https?://[^\s<>\"]+)?")
"""As `content.Url` has it; looked at here so that all mistakes are told at once."""
MAX_ATTACHED = 2_000_000
"""Bytes of flyers that one story may send along: every copy carries them, and many inboxes refuse large letters."""


class FormRefusedError(Exception):
    """The form cannot be saved as it is."""

    def __init__(self, wrong: Mapping[str, "Wrong"]) -> None:
        """Take what is wrong by the name of its field."""
        super().__init__()
        self.wrong = dict(wrong)


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a field: the name of a sentence (`story_wrong.*`) and what it says."""

    sentence: str
    values: dict[str, object] = field(default_factory=dict)


def content(form: Form, before: AnyStory | None, settings: Settings) -> AnyStory:
    """Return what the form says; `before` is the content it was made from. Raises FormRefusedError.

    Words whose field was not touched keep their HTML to the letter.
    """
    wrong: dict[str, Wrong] = {}
    texts = {language: _text(form, language, before, wrong) for language in form.words}
    values = _facts(form, settings, wrong)
    values["texts"] = {language: text for language, text in texts.items() if text}
    if not values["texts"] and not wrong:
        wrong[f"title.{next(iter(form.words))}"] = Wrong("needed")
    if wrong:
        raise FormRefusedError(wrong)
    try:
        return CONTENT.validate_python(values)
    except ValidationError as error:
        raise FormRefusedError(dict(map(_explained, error.errors()))) from error


def _text(form: Form, language: str, before: AnyStory | None, wrong: dict[str, Wrong]) -> dict[str, Any]:
    typed: dict[str, Any] = {name: value for name, value in form.words[language].items() if value}
    if not typed:
        return {}
    if not typed.get("title"):
        wrong[f"title.{language}"] = Wrong("needed")
    if "body" in typed:
        typed["body"] = _body(typed["body"], language, before, wrong)
    if "participants" in typed:
        typed["participants"] = [name for name in map(str.strip, typed["participants"].splitlines()) if name]
    return typed


def _body(typed: str, language: str, before: AnyStory | None, wrong: dict[str, Wrong]) -> str:
    held = before.texts.get(language) if before else None
    if held and typed == revisions.markdown(held.body):
        return held.body
    if markdown.refused(typed):
        wrong[f"body.{language}"] = Wrong("markdown")
    return markdown.html(typed, language)


def _facts(form: Form, settings: Settings, wrong: dict[str, Wrong]) -> dict[str, Any]:
    values: dict[str, Any] = {name: value or None for name, value in form.facts.items()}
    values |= {name: form.facts.get(name, "") for name in ("url", "map_url", "about", "zone") if name in form.facts}
    values |= {"kind": form.kind, "countries": form.countries, "sample": form.sample, "flyers": form.flyers}
    values["picture"] = form.picture if form.keeps_picture else None
    if form.kind == "fair":
        values["status"] = form.facts.get("status") or "planned"
        values["openings"] = _openings(form, wrong)
        values["zone"] = _zone(form, settings, wrong)
    if sum(one.size for one in form.flyers if one.attach) > MAX_ATTACHED:
        wrong["flyer"] = Wrong("flyer_attach", {"most": MAX_ATTACHED // 1_000_000})
    _check_days(form, wrong)
    _check_names(form, settings, wrong)
    return values


def _check_days(form: Form, wrong: dict[str, Wrong]) -> None:
    for name in fields.DAYS:
        if form.facts.get(name) and day(form.facts[name]) is None:
            wrong[name] = Wrong("day")
    first, last = day(form.facts.get("starts", "")), day(form.facts.get("ends", ""))
    if first and last and last < first:
        wrong["ends"] = Wrong("before")


def _check_names(form: Form, settings: Settings, wrong: dict[str, Wrong]) -> None:
    publication = settings.publication
    if form.facts.get("topic") and form.facts["topic"] not in [topic.key for topic in publication.topics]:
        wrong["topic"] = Wrong("choice")
    if form.facts.get("only") and form.facts["only"] not in publication.languages:
        wrong["only"] = Wrong("choice")
    if set(form.countries) - set(publication.countries):
        wrong["countries"] = Wrong("choice")
    for name in ("url", "map_url"):
        if not _WEB.fullmatch(form.facts.get(name, "")):
            wrong[name] = Wrong("url")
    for name, choices in fields.CHOICES.items():
        if form.facts.get(name) and form.facts[name] not in choices:
            wrong[name] = Wrong("choice")


def _openings(form: Form, wrong: dict[str, Wrong]) -> list[dict[str, object]]:
    """Return the hours of each day; they are counted from the first, so that they move with a fair that moves."""
    given = {place: pair for place, pair in enumerate(form.openings) if any(pair)}
    first = day(form.facts.get("starts", ""))
    if not given:
        return []
    if first is None or max(given) >= len(form.days):
        wrong["hours"] = Wrong("hours_days")
        return []
    if any(not (opens and closes) or closes <= opens for opens, closes in given.values()):
        wrong["hours"] = Wrong("hours")
        return []
    return [_opening(first, place, pair) for place, pair in given.items()]


def _opening(first: date, place: int, pair: tuple[str, str]) -> dict[str, object]:
    return {"day": first + timedelta(days=place), "opens": pair[0], "closes": pair[1]}


def _zone(form: Form, settings: Settings, wrong: dict[str, Wrong]) -> str:
    """Return the zone of the hours: as given, or the only one of the country."""
    given = form.facts.get("zone", "")
    if given and given not in zones.offered(settings, given):
        wrong["zone"] = Wrong("choice")
    if given or not any(map(any, form.openings)):
        return given
    known = zones.of_country(form.facts.get("country", ""))
    if len(known) != 1:
        wrong["zone"] = Wrong("zone")
        return ""
    return known[0]


def _explained(problem: Any) -> tuple[str, Wrong]:
    """Return the field and the sentence of one of pydantic's errors; its path begins with the kind."""
    path = [str(part) for part in problem["loc"][1:]]
    name = f"{path[2]}.{path[1]}" if path[0] == "texts" and len(path) > 2 else path[0]  # noqa: PLR2004 - texts, language, field
    name = "hours" if name == "openings" else name
    if problem["type"] == "string_too_long":
        return name, Wrong("long", {"most": f"{problem['ctx']['max_length']:,}"})
    if name in ("url", "map_url"):
        return name, Wrong("url")
    return name, Wrong("choice")
