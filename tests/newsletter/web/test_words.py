"""What readers read is said in every language."""

import re
import tomllib
from typing import Any

from newsletter import paths, words
from newsletter.config import Settings

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def _flat(tree: dict[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in tree.items():
        flat |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return flat


def _read(language: str) -> dict[str, str]:
    return _flat(tomllib.loads((paths.bundled("templates") / "words" / f"reader.{language}.toml").read_text("utf-8")))


def test_every_language_says_everything() -> None:
    spoken = {language: words.load("reader", language).names() for language in words.languages("reader")}

    assert set(spoken) >= {"en", "ja"}
    assert all(names == spoken["en"] for names in spoken.values())


def test_no_language_fills_in_what_a_page_does_not_know() -> None:
    """A language may leave a value out, or name the newsletter, whose title every such page gives."""
    english, japanese = (
        {name: set(_PLACEHOLDER.findall(sentence)) for name, sentence in _read(language).items()}
        for language in ("en", "ja")
    )

    assert {name: more for name in english if (more := japanese[name] - english[name] - {"title"})} == {}


def test_the_languages_of_the_publication_have_words(settings: Settings) -> None:
    assert set(settings.publication.languages) <= set(words.languages("reader"))
