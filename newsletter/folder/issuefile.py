"""The issue's own file, issue.toml: send time, order of the stories, subject and introduction a language."""

from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from newsletter import local_time
from newsletter.config import Settings
from newsletter.content import IssueText
from newsletter.errors import StateError
from newsletter.folder import markdown, sentences
from newsletter.folder.source import Problems, Source, near

NAME = "issue.toml"
_KEYS = ("send_at", "stories")


class IssueFile:
    """What issue.toml says."""

    def __init__(self, texts: dict[str, IssueText], send_at: datetime | None, stories: list[str]) -> None:
        self.texts = texts
        self.send_at = send_at
        self.stories = stories


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
    return IssueFile(texts, _send_at(source, settings, problems), _stories(source, folder, problems))


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


def _send_at(source: Source, settings: Settings, problems: Problems) -> datetime | None:
    value = source.tables.get("send_at")
    if value is None:
        return None
    if not isinstance(value, datetime):
        problems.add(source.place("send_at"), "write a day and a time, without quotation marks: 2026-12-01T10:00:00")
        return None
    try:
        return value if value.tzinfo else local_time.moment(value, settings.office.zone)
    except StateError as error:
        problems.add(source.place("send_at"), str(error))
        return None


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
