"""Cards: 1200 x 630, the title whole and within its edges, and never an empty box for a letter."""

import dataclasses
import io
from pathlib import Path

import pytest
from PIL import Image

from newsletter.archive import cards
from newsletter.archive.cards import fonts, typesetting
from newsletter.config import Settings
from newsletter.content import IssueText
from newsletter.models import Image as Stored
from tests.newsletter.archive import sample

LONG = "シンガポールとマレーシアとタイの旅行フェアに日本の地方自治体が出展します。" * 7


def _card(settings: Settings, subject: str, language: str = "ja") -> Stored:
    view = dataclasses.replace(sample.view(settings, language), text=IssueText(subject=subject))
    return cards.draw(settings, view)


def _pixels(card: Stored) -> Image.Image:
    return Image.open(io.BytesIO(card.content)).convert("RGB")


@pytest.mark.parametrize("subject", ["A", sample.TEXTS["en"].subject, sample.TEXTS["ja"].subject, LONG, "w" * 300])
def test_any_title_stays_within_the_edges(settings: Settings, subject: str) -> None:
    picture = _pixels(_card(settings, subject))

    assert picture.size == (1200, 630)
    margins = [picture.crop((0, 24, 78, 630)), picture.crop((1122, 24, 1200, 630)), picture.crop((0, 590, 1200, 630))]
    paper = tuple(bytes.fromhex(settings.look.light.paper[1:]))
    assert all(edge.getcolors() == [(edge.width * edge.height, paper)] for edge in margins)


def test_the_same_words_give_the_same_picture_and_other_words_another(settings: Settings) -> None:
    assert _card(settings, "News").hash == _card(settings, "News").hash
    assert _card(settings, "News").hash != _card(settings, "Other news").hash


def test_a_card_is_small_enough_for_a_phone(settings: Settings) -> None:
    assert len(_card(settings, sample.TEXTS["ja"].subject).content) < 100_000


def test_without_a_font_for_its_letters_the_title_gives_way(settings: Settings) -> None:
    latin = fonts.load(None, 40)
    assert fonts.drawable("旅行フェア", latin) == ""

    without = settings.archive.model_copy(update={"card_font": _latin()})
    bare = settings.model_copy(update={"archive": without})

    assert _card(bare, "旅行フェア").hash == _card(bare, "食の催し").hash
    assert _card(bare, "旅行フェア").hash != _card(bare, "Travel fairs").hash


def test_signs_that_no_font_has_are_left_out(settings: Settings) -> None:
    assert _card(settings, "\u202eNews \U000e0001\ufffe").hash == _card(settings, "News").hash


def test_a_font_that_cannot_be_read_is_no_reason_to_fail(settings: Settings, tmp_path: Path) -> None:
    broken = tmp_path / "broken.otf"
    broken.write_bytes(b"no font")
    archive = settings.archive.model_copy(update={"card_font": broken})

    assert _card(settings.model_copy(update={"archive": archive}), "News").width == 1200


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("one two three four", 9, ["one two", "three", "four"]),
        ("旅行フェアの季節が始まります", 9, ["旅行フェアの", "季節が始まります"]),
        ("行く「フェア」へ、", 6, ["行く", "「フェア」", "へ、"]),
        ("あいうえおかきくけこ", 4, ["あいうえ", "おかきく", "けこ"]),
        ("", 5, []),
    ],
)
def test_lines_break_between_phrases_and_are_about_equally_long(text: str, width: int, expected: list[str]) -> None:
    assert typesetting.lines(text, width, len) == expected


def _latin() -> Path:
    """Return a font of this machine without Japanese letters, or a path that is none: Pillow's own is used then."""
    found = sorted(Path("/usr/share/fonts").rglob("DejaVuSans-Bold.ttf"))
    return found[0] if found else Path(__file__)
