"""The issue's own file, issue.toml: times, readers, order of sections and stories, subject and introduction a language.

What the file does not name of these is left as it is where a folder is read into an issue there is.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from newsletter import local_time
from newsletter.config import Settings
from newsletter.content import Audience, IssueText
from newsletter.errors import StateError
from newsletter.folder import markdown, sentences
from newsletter.folder.source import Problems, Source, near

NAME = "issue.toml"
_KEYS = ("send_at", "later", "stories", "sections", "audience")


@dataclass(frozen=True)
class IssueFile:
    """What issue.toml says; None for what it does not name."""

    texts: dict[str, IssueText]
    send_at: datetime | None
    stories: list[str]
    later: dict[str, datetime] | None = None
    sections: tuple[str, ...] | None = None
    audience: Audience | None = None


def read(source: Source, folder: Path, settings: Settings, problems: Problems) -> IssueFile:
    """Return the issue's words, time and story names; what is wrong is noted in `problems`."""
    languages = settings.publication.languages
    texts: dict[str, IssueText] = {}
    for key, value in source.tables.items():
        if key in languages and isinstance(value, dict):
            text = _text(source, key, value, problems)
            texts |= {key: text} if text else {}
        elif key not in _KEYS:
            problems.add(source.place(key), f"there is nothing of that name here.{near(key, (*_KEYS, *languages))}")
    if not texts and not problems.sentences:
        problems.add(source.name, f"no words yet. Add a part [{languages[0]}] with a subject.")
    return IssueFile(
        texts,
        _moment(source, "send_at", source.tables.get("send_at"), settings, problems),
        _stories(source, folder, problems),
        later=_later(source, settings, problems, spoken=texts),
        sections=_sections(source, settings, problems),
        audience=_audience(source, settings, problems),
    )


def _text(source: Source, language: str, table: dict[str, Any], problems: Problems) -> IssueText | None:
    words = {key: markdown.line(value, language) if _one_line(key, value) else value for key, value in table.items()}
    introduction = words.get("introduction", "")
    if isinstance(introduction, str):
        for thing in markdown.refused(introduction):
            problems.add(source.place("introduction", language), f"{thing} cannot be shown in a letter.")
        words["introduction"] = markdown.html(introduction, language)
    if isinstance(words.get("post"), str):
        words["post"] = words["post"].strip()
    try:
        return IssueText.model_validate(words)
    except ValidationError as error:
        for problem in error.errors():
            key = str(problem["loc"][0])
            unknown = problem["type"] == "extra_forbidden"
            said = f"there is no field {key!r} here.{near(key, IssueText.model_fields)}" if unknown else ""
            problems.add(source.place(key, language), said or sentences.explain(problem))
        return None


def _one_line(key: str, value: object) -> bool:
    return isinstance(value, str) and key not in {"introduction", "post"}


def _moment(source: Source, key: str, value: object, settings: Settings, problems: Problems) -> datetime | None:
    if value is None:
        return None
    section = "later" if key != "send_at" else ""
    if not isinstance(value, datetime):
        sentence = "write a day and a time, without quotation marks: 2026-12-01T10:00:00"
        problems.add(source.place(key, section), sentence)
        return None
    try:
        return value if value.tzinfo else local_time.moment(value, settings.office.zone)
    except StateError as error:
        problems.add(source.place(key, section), str(error))
        return None


def _later(
    source: Source, settings: Settings, problems: Problems, *, spoken: Container[str]
) -> dict[str, datetime] | None:
    """Return the times of languages that go out at another time than `send_at`."""
    table = source.tables.get("later")
    if table is None:
        return None
    if not isinstance(table, dict):
        problems.add(source.place("later"), "write a part [later] with a line a language: en = 2026-12-03T10:00:00")
        return None
    for language in table:
        if language not in spoken:
            sentence = f"this issue has no words in {language!r}.{near(language, settings.publication.languages)}"
            problems.add(source.place(language, "later"), sentence)
    moments = {one: _moment(source, one, value, settings, problems) for one, value in table.items()}
    return {language: moment for language, moment in moments.items() if moment is not None}


def _sections(source: Source, settings: Settings, problems: Problems) -> tuple[str, ...] | None:
    """Return the topics in the order of this issue."""
    listed = source.tables.get("sections")
    if listed is None:
        return None
    known = [topic.key for topic in settings.publication.topics]
    if not isinstance(listed, list) or not all(isinstance(key, str) for key in listed):
        problems.add(source.place("sections"), f"write a list of topics: {known}")
        return None
    for key in listed:
        if key and key not in known:
            problems.add(source.place("sections"), f"there is no topic {key!r}.{near(key, known)}")
    return tuple(dict.fromkeys(listed))


def _audience(source: Source, settings: Settings, problems: Problems) -> Audience | None:
    """Return for which readers the issue is."""
    table = source.tables.get("audience")
    if table is None:
        return None
    try:
        audience = Audience.model_validate(table)
    except ValidationError as error:
        for problem in error.errors():
            key = str(problem["loc"][0]) if problem["loc"] else "audience"
            unknown = problem["type"] == "extra_forbidden"
            said = f"there is no field {key!r} here.{near(key, Audience.model_fields)}" if unknown else ""
            problems.add(source.place(key, "audience"), said or sentences.explain(problem))
        return None
    publication = settings.publication
    known = {
        "languages": publication.languages,
        "topics": [topic.key for topic in publication.topics],
        "countries": publication.countries,
    }
    for name, choices in known.items():
        for value in getattr(audience, name):
            if value not in choices:
                problems.add(source.place(name, "audience"), f"{value!r} is not known here.{near(value, choices)}")
    return audience


def _stories(source: Source, folder: Path, problems: Problems) -> list[str]:
    """Return the names of the story files in order: as listed, otherwise all by name."""
    found = sorted(path.stem for path in folder.glob("*.toml") if path.name != NAME)
    listed = source.tables.get("stories")
    if listed is None:
        return found
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        problems.add(source.place("stories"), 'write a list of file names: ["01-fair", "02-food"]')
        return []
    names = [name.removesuffix(".toml") for name in listed]
    for name in names:
        if name not in found:
            problems.add(source.place("stories"), f"there is no story file {name}.toml.{near(name, found)}")
        elif names.count(name) > 1:
            problems.add(source.place("stories"), f"{name} is named twice.")
    return names if all(name in found for name in names) else []
