"""A story's file: shared facts at the top, the words of each language in a table of its own."""

from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from newsletter import images
from newsletter.config import Settings
from newsletter.content import (
    Fair,
    FairText,
    Food,
    FoodText,
    Industry,
    IndustryText,
    Notice,
    Report,
    StoryContent,
    Text,
)
from newsletter.errors import InvalidContentError
from newsletter.folder import enclosures, markdown, sentences, shorthand
from newsletter.folder.source import Problems, Source, near
from newsletter.models import Flyer, Image
from newsletter.rendering.views import AnyStory

_CONTENT: TypeAdapter[AnyStory] = TypeAdapter(StoryContent)
_KINDS: dict[str, tuple[type[AnyStory], type[Text]]] = {
    "fair": (Fair, FairText),
    "food": (Food, FoodText),
    "industry": (Industry, IndustryText),
    "report": (Report, Text),
    "notice": (Notice, Text),
}
_PICTURE_WORDS = ("alt", "caption")
_ELSEWHERE = {"picture", "credit", "focus", "openings", *enclosures.KEYS}
"""Keys that are not fields of a story as they are written."""


class StoryFile:
    """One story as read: its key, content, picture and flyers."""

    def __init__(self, key: str, content: AnyStory, image: Image | None, flyers: list[Flyer]) -> None:
        self.key = key
        self.content = content
        self.image = image
        self.flyers = flyers


def read(source: Source, folder: Path, settings: Settings, problems: Problems, *, now: datetime) -> StoryFile | None:
    """Return the story of a file, or none with everything that is wrong noted in `problems`."""
    before = len(problems.sentences)
    kind = source.tables.get("kind")
    if kind not in _KINDS:
        problems.add(source.place("kind"), f"write kind = one of {', '.join(_KINDS)}.")
        return None
    shared, words = _parted(source, settings, problems)
    _know_names(source, shared, settings, problems)
    image = _image(source, folder, problems, now=now)
    flyers = enclosures.read(source, folder, problems, now=now)
    raw = {key: value for key, value in shared.items() if key not in _ELSEWHERE}
    raw["texts"] = {language: _text(source, language, table, problems) for language, table in words.items()}
    if image is not None:
        raw["picture"] = _picture(image, shared.get("credit", ""), words) | {"focus": shorthand.focus(source, problems)}
    if flyers:
        raw["flyers"] = enclosures.content(source, flyers, words, problems)
    if "openings" in shared:
        raw["openings"] = shorthand.openings(source, problems)
    content = _validated(source, raw, problems)
    if content is None or len(problems.sentences) > before:
        return None
    return StoryFile(Path(source.name).stem, content, image, flyers)


def _parted(source: Source, settings: Settings, problems: Problems) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Return the shared fields and the tables of the languages."""
    languages = settings.publication.languages
    shared = {key: value for key, value in source.tables.items() if not isinstance(value, dict)}
    words = {key: value for key, value in source.tables.items() if isinstance(value, dict)}
    for name in [name for name in words if name not in languages]:
        problems.add(f"{source.name}, [{name}]", f"there is no such part.{near(name, languages)}")
        del words[name]
    if not words:
        problems.add(source.name, f"no words yet. Add a part [{languages[0]}] with a title.")
    return shared, words


def _know_names(source: Source, shared: dict[str, Any], settings: Settings, problems: Problems) -> None:
    topics = [topic.key for topic in settings.publication.topics]
    topic = shared.get("topic")
    if topic is not None and topic not in topics:
        problems.add(source.place("topic"), f"there is no topic {topic!r}.{near(str(topic), topics)}")
    countries = shared.get("countries", [])
    for code in countries if isinstance(countries, list) else []:
        if code not in settings.publication.countries:
            known = near(str(code).upper(), settings.publication.countries)
            problems.add(source.place("countries"), f"there is no country {code!r}.{known}")


def _image(source: Source, folder: Path, problems: Problems, *, now: datetime) -> Image | None:
    name = source.tables.get("picture")
    if name is None:
        return None
    if not isinstance(name, str) or Path(name).name != name:
        problems.add(source.place("picture"), "give the name of a file in the folder pictures, without slashes.")
        return None
    path = next((place / name for place in _picture_places(folder) if (place / name).is_file()), None)
    if path is None:
        problems.add(source.place("picture"), f"there is no file pictures/{name}.")
        return None
    try:
        return images.prepare(path.read_bytes(), now=now)
    except InvalidContentError as error:
        problems.add(source.place("picture"), str(error))
    except OSError as error:
        problems.add(source.place("picture"), f"pictures/{name} cannot be opened: {error.strerror}.")
    return None


def _picture_places(folder: Path) -> tuple[Path, ...]:
    """Pictures lie with their issue, or beside all issues where several use them."""
    return folder / "pictures", folder.resolve().parent / "pictures"


def _text(source: Source, language: str, table: dict[str, Any], problems: Problems) -> dict[str, Any]:
    words = {
        key: markdown.line(value, language) if isinstance(value, str) and key != "body" else value
        for key, value in table.items()
        if key not in (*_PICTURE_WORDS, "flyers")
    }
    body = words.get("body", "")
    if isinstance(body, str):
        for thing in markdown.refused(body):
            problems.add(source.place("body", language), f"{thing} cannot be shown in a letter.")
        words["body"] = markdown.html(body, language)
    return words


def _picture(image: Image, credit: object, words: dict[str, dict[str, Any]]) -> dict[str, Any]:
    spoken = {
        name: {
            language: markdown.line(str(table[name]), language) for language, table in words.items() if table.get(name)
        }
        for name in _PICTURE_WORDS
    }
    return {"hash": image.hash, "width": image.width, "height": image.height, "credit": credit, **spoken}


def _validated(source: Source, raw: dict[str, Any], problems: Problems) -> AnyStory | None:
    try:
        return _CONTENT.validate_python(raw)
    except ValidationError as error:
        for problem in error.errors():
            problems.add(*_explained(source, raw["kind"], problem))
        return None


def _explained(source: Source, kind: str, problem: ErrorDetails) -> tuple[str, str]:
    """Return the place and the sentence of one mistake; pydantic's path begins with the kind."""
    path = [str(part) for part in problem["loc"][1:]]
    inside = path[0] == "texts" and len(path) > 2  # noqa: PLR2004 - texts, a language, a field
    section, key = (path[1], path[2]) if inside else ("", path[0])
    if problem["type"] != "extra_forbidden":
        return source.place(key, section), sentences.explain(problem)
    model = _KINDS[kind][1] if inside else _KINDS[kind][0]
    known = {*model.model_fields, *((*_PICTURE_WORDS, "flyers") if inside else _ELSEWHERE)} - {"texts"}
    return source.place(key, section), f"a story of kind {kind} has no field {key!r} there.{near(key, known)}"
