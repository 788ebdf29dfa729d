"""Sentences of screens and letters, TOML files by area and language in `templates/words/`."""

import functools
import tomllib
from pathlib import Path

from newsletter import paths
from newsletter.errors import TemplateError


class Words:
    """Look up a sentence by its dotted name: `words("subscribe.title", count=3)`."""

    def __init__(self, language: str, sentences: dict[str, str], source: str) -> None:
        """Take flat names and sentences; `source` is named in errors."""
        self.language = language
        self._sentences = sentences
        self._source = source

    def __call__(self, name: str, /, **values: object) -> str:
        """Return the sentence with {placeholders} filled in; raise TemplateError for an unknown name."""
        try:
            return self.sentence(name).format_map(values)
        except KeyError as error:
            message = f"{self._source}: {name} wants a value named {error}."
            raise TemplateError(message) from error

    def sentence(self, name: str) -> str:
        """Return the sentence as written, placeholders and all; raise TemplateError for an unknown name."""
        try:
            return self._sentences[name]
        except KeyError as error:
            message = f"{self._source}: there is no sentence named {name}."
            raise TemplateError(message) from error

    def names(self) -> set[str]:
        """Return every name, so that languages can be compared."""
        return set(self._sentences)


@functools.cache
def load(area: str, language: str, folder: Path | None = None) -> Words:
    """Return the words of `area` (reader, mail, desk) in `language`; raise TemplateError where there are none.

    They stand in `AREA.LANGUAGE.toml` and, a part of the area each, in `AREA-PART.LANGUAGE.toml`.
    """
    places = folder or paths.bundled("templates") / "words"
    path = places / f"{area}.{language}.toml"
    sentences: dict[str, str] = {}
    for part in (path, *sorted(places.glob(f"{area}-*.{language}.toml"))):
        try:
            sentences |= dict(_flatten("", tomllib.loads(part.read_text(encoding="utf-8"))))
        except (OSError, tomllib.TOMLDecodeError) as error:
            message = f"{part} cannot be read: {error}."
            raise TemplateError(message) from error
    return Words(language, sentences, path.name)


def languages(area: str, folder: Path | None = None) -> list[str]:
    """Return the languages that have a file for `area`."""
    found = (folder or paths.bundled("templates") / "words").glob(f"{area}.*.toml")
    return sorted(path.name.split(".")[1] for path in found)


def _flatten(prefix: str, tree: dict[str, object]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in tree.items():
        name = f"{prefix}{key}"
        pairs.extend(_flatten(f"{name}.", value) if isinstance(value, dict) else [(name, str(value))])
    return pairs
