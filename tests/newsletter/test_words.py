"""Every language says every sentence, with the same placeholders."""

import re
from pathlib import Path

import pytest

from newsletter import paths, words
from newsletter.errors import TemplateError

AREAS = sorted({path.name.split(".")[0] for path in (paths.bundled("templates") / "words").glob("*.toml")})


@pytest.mark.parametrize("area", AREAS)
def test_languages_have_the_same_sentences(area: str) -> None:
    english = words.load(area, "en")

    for language in words.languages(area):
        assert words.load(area, language).names() == english.names(), language


@pytest.mark.parametrize("area", AREAS)
def test_languages_ask_for_the_same_values_within_a_screen(area: str) -> None:
    english = words.load(area, "en")

    for language in words.languages(area):
        other = words.load(area, language)
        for screen in {name.rpartition(".")[0] for name in english.names()}:
            asked, given = (_values(one, screen) for one in (other, english))
            assert asked <= given, f"{language}: {screen}"


def _values(spoken: words.Words, screen: str) -> set[str]:
    sentences = [spoken.sentence(name) for name in spoken.names() if name.rpartition(".")[0] == screen]
    return {value for sentence in sentences for value in re.findall(r"{(\w+)", sentence)}


def test_an_unknown_sentence_names_its_file() -> None:
    with pytest.raises(TemplateError, match=rf"{AREAS[0]}\.en\.toml"):
        words.load(AREAS[0], "en")("no.such.sentence")


def test_a_language_without_a_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="cannot be read"):
        words.load("reader", "xx", tmp_path)
