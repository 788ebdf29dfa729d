"""Draw the card: paper, ink, the title as large as it fits, and a mark in the colour of each topic."""

import functools
import hashlib
import io
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image as Pixels
from PIL import ImageDraw
from PIL.ImageFont import FreeTypeFont

from newsletter import words
from newsletter.archive.cards import fonts, typesetting
from newsletter.config import Palette, Settings
from newsletter.models import Image
from newsletter.rendering import dates
from newsletter.rendering.views import IssueView

WIDTH, HEIGHT = 1200, 630
"""Pixels, as Facebook asks for (facts on Facebook, 2.5)."""
_EDGE = 84
_SIZES = range(84, 43, -4)
_MOST_LINES = 4
_TITLE_TOP, _TITLE_BOTTOM = 158, 500
_COLOURS = 128
"""Flat colours with soft edges need no more; the file is a sixth of a full one."""


@dataclass(frozen=True)
class _Said:
    """The words on a card, each with only those letters that the font has."""

    masthead: str
    title: str
    footer: str


def draw(settings: Settings, view: IssueView) -> Image:
    """Return the picture of an issue in one language, neither stored nor dated; the same words give the same bytes.

    Without a font for its letters, the title gives way to the publication's Latin name: no box is ever drawn.
    """
    path = fonts.find(settings.archive.card_font)
    said = _said(settings, view, fonts.load(path, 40))
    topics = tuple(dict.fromkeys(section.colour for section in view.sections))
    content = _picture(said, settings.look.light, path, topics)
    return Image(
        hash=hashlib.sha256(content).hexdigest(), media_type="image/png", width=WIDTH, height=HEIGHT, content=content
    )


@functools.lru_cache(16)
def _picture(said: _Said, palette: Palette, path: Path | None, topics: Sequence[str]) -> bytes:
    """Return the PNG; the last ones are kept, since an issue is frozen again and again on its way."""
    picture = Pixels.new("RGB", (WIDTH, HEIGHT), palette.paper)
    _paint(ImageDraw.Draw(picture), said, palette, path, topics)
    out = io.BytesIO()
    picture.quantize(_COLOURS, dither=Pixels.Dither.NONE).save(out, "PNG")
    return out.getvalue()


def _said(settings: Settings, view: IssueView, font: FreeTypeFont) -> _Said:
    """Return the words in the issue's language, or in another one that the font can write."""
    keep = functools.partial(_kept, font=font)
    title = keep(view.text.subject)
    spoken = (view.language, *settings.publication.languages)
    written = next((one for one in spoken if _whole(settings.publication.title[one], keep)), view.language)
    masthead = keep(settings.publication.title[written])
    say = words.load("mail", written)
    footer = f"{say('issue_number', number=view.number)} · {dates.day(view.date, written)}"
    if _whole(view.text.subject, keep):
        return _Said(masthead, title, keep(footer))
    return _Said(keep(settings.office.name.get(written, "")), masthead, keep(footer))


def _paint(pen: ImageDraw.ImageDraw, said: _Said, palette: Palette, path: Path | None, topics: Sequence[str]) -> None:
    pen.rectangle((0, 0, WIDTH, 20), fill=palette.ink)
    small = fonts.load(path, 32)
    pen.text((_EDGE, 88), said.masthead, font=small, fill=palette.soft, anchor="ls")
    pen.rectangle((_EDGE, 112, WIDTH - _EDGE, 113), fill=palette.line)
    font, lines = _title(said.title, path)
    step = round(font.size * (1.42 if _is_wide(said.title) else 1.2))
    top = (_TITLE_TOP + _TITLE_BOTTOM - step * len(lines)) / 2
    for number, line in enumerate(lines):
        pen.text((_EDGE, top + step * (number + 0.5)), line, font=font, fill=palette.ink, anchor="lm")
    pen.text((WIDTH - _EDGE, 558), said.footer, font=small, fill=palette.soft, anchor="rs")
    for number, topic in enumerate(topics):
        left = _EDGE + 44 * number
        pen.rectangle((left, 534, left + 27, 561), fill=getattr(palette, topic))


def _title(title: str, path: Path | None) -> tuple[FreeTypeFont, list[str]]:
    """Return the largest font in which the title fits, and its lines; the end of an endless one is left out."""
    for size in _SIZES:
        font = fonts.load(path, size)
        needed = typesetting.least(title, WIDTH - 2 * _EDGE, font.getlength)
        if needed <= _MOST_LINES and needed * size * 1.42 <= _TITLE_BOTTOM - _TITLE_TOP:
            break
    lines = typesetting.lines(title, WIDTH - 2 * _EDGE, font.getlength)
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], _ended(lines[_MOST_LINES - 1], font)]
    return font, lines


def _ended(line: str, font: FreeTypeFont) -> str:
    """Return a line that says that more would follow, and still fits."""
    while font.getlength(f"{line} …") > WIDTH - 2 * _EDGE:
        line = line[:-1]
    return f"{line} …"


def _kept(text: str, font: FreeTypeFont) -> str:
    """Return what can be drawn of a text: no marks of direction, no emoji, no letter that the font lacks."""
    seen = "".join(each for each in text if unicodedata.category(each) not in {"Cc", "Cf", "Co", "Cs"})
    return " ".join(fonts.drawable(seen, font).split())


def _whole(text: str, keep: Callable[[str], str]) -> bool:
    """Return whether the font has every letter and figure of a text; signs may be missing."""
    kept = keep(text)
    return bool(kept) and all(each in kept for each in text if each.isalnum())


def _is_wide(text: str) -> bool:
    return any(unicodedata.east_asian_width(each) in "WF" for each in text)
