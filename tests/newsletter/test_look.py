"""The look of an office: a theme, with the office's own colours and type in its place."""

from pathlib import Path

import pytest

from newsletter import config
from newsletter.config import Palette, look
from newsletter.errors import SettingsError
from tests.conftest import ROOT

TEXT_TONES = ("ink", "soft", "fairs", "food", "industry", "notice")
ENOUGH = 4.5
"""WCAG 2.2, 1.4.3 (AA)."""


def _loaded(tmp_path: Path, **chosen: object) -> config.Look:
    return config.load(ROOT / "config.toml", data_folder=tmp_path, look=chosen).look


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _colours(palette: Palette) -> dict[str, str]:
    return {name: str(colour) for name, colour in palette.model_dump().items()}


@pytest.mark.parametrize("name", look.themes())
def test_every_theme_is_legible_in_the_light_and_in_the_dark(tmp_path: Path, name: str) -> None:
    chosen = _loaded(tmp_path, theme=name)

    for palette in map(_colours, (chosen.light, chosen.dark)):
        for tone in TEXT_TONES:
            assert _contrast(palette[tone], palette["paper"]) >= ENOUGH, tone
            assert _contrast(palette[tone], palette["wash"]) >= ENOUGH, tone


def test_there_is_a_second_theme_that_looks_different(tmp_path: Path) -> None:
    paper, journal = _loaded(tmp_path, theme="paper"), _loaded(tmp_path, theme="journal")

    assert paper.light != journal.light
    assert paper.heading_font != journal.heading_font


def test_an_office_changes_one_colour_and_keeps_the_rest_of_the_theme(tmp_path: Path) -> None:
    own = _loaded(tmp_path, theme="journal", light={"fairs": "#102030"}, heading_font="Georgia, serif")

    theirs = _loaded(tmp_path, theme="journal")
    assert own.light.fairs == "#102030"
    assert own.heading_font == "Georgia, serif"
    assert own.light.model_copy(update={"fairs": theirs.light.fairs}) == theirs.light
    assert own.dark == theirs.dark


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"theme": "jurnal"}, "there is no theme 'jurnal'; known are journal, paper"),
        ({"theme": "../paper"}, "there is no theme"),
        ({"light": {"fair": "#102030"}}, r"look\.light\.fair\. Did you mean fairs\?"),
        ({"heading_font": "serif; } body { display: none"}, r"look\.heading_font"),
        ({"logo": "logo.svg"}, "the logo must be a PNG or JPEG file"),
    ],
)
def test_what_cannot_be_a_look_is_refused_with_a_sentence(
    tmp_path: Path, chosen: dict[str, object], sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence):
        _loaded(tmp_path, **chosen)
