"""Fonts for pictures with words in them: one of this machine that has Japanese letters, or Pillow's own."""

import functools
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

BOLD = (
    "NotoSansCJK-Bold.ttc",
    "NotoSansCJKjp-Bold.otf",
    "NotoSansJP-Bold.otf",
    "NotoSansJP-Bold.ttf",
    "SourceHanSans-Bold.ttc",
    "SourceHanSansJP-Bold.otf",
    "ヒラギノ角ゴシック W6.ttc",
    "YuGothB.ttc",
    "ipaexg.ttf",
    "ipag.ttf",
    "TakaoPGothic.ttf",
    "VL-PGothic-Regular.ttf",
    "NotoSansCJK-Regular.ttc",
)
"""File names of fonts with Japanese letters, the best first."""
LATIN = ("Helvetica.ttc", "LiberationSans-Bold.ttf", "arialbd.ttf", "DejaVuSans-Bold.ttf")
_LACKING = "\U0010fffe"
"""A code point that no font may have (Unicode 23.7): it shows what a font draws for what it lacks."""


@functools.cache
def find(chosen: Path | None = None) -> Path | None:
    """Return the file of the best font there is, the office's `chosen` one first; None: only Pillow's own is left."""
    if chosen is not None and chosen.is_file():
        return chosen
    there = {path.name: path for folder in _folders() for path in _files(folder)}
    return next((there[name] for name in (*BOLD, *LATIN) if name in there), None)


@functools.lru_cache(32)
def load(path: Path | None, size: int) -> FreeTypeFont:
    """Return a font of that many pixels; one that cannot be read is replaced by Pillow's own."""
    if path is not None:
        try:
            return ImageFont.truetype(str(path), size)  # of a collection the first, which is the Japanese one
        except OSError:
            pass
    own = ImageFont.load_default(size)
    if not isinstance(own, FreeTypeFont):
        message = "Pillow was built without FreeType."
        raise TypeError(message)
    return own


def drawable(text: str, font: FreeTypeFont) -> str:
    """Return `text` without the characters for which the font would draw an empty box."""
    return "".join(each for each in text if each.isspace() or _has(font, each))


@functools.lru_cache(4096)  # the letters of titles are the same again and again
def _has(font: FreeTypeFont, letter: str) -> bool:
    return bytes(font.getmask(letter)) != _nothing(font)


@functools.lru_cache(32)
def _nothing(font: FreeTypeFont) -> bytes:
    return bytes(font.getmask(_LACKING))


def _folders() -> Iterator[Path]:
    if sys.platform == "darwin":
        yield from (Path("/Library/Fonts"), Path("/System/Library/Fonts"))
    elif sys.platform == "win32":
        yield Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"
    else:
        yield from (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
    yield from (Path.home() / ".local/share/fonts", Path.home() / ".fonts", Path.home() / "Library/Fonts")


def _files(folder: Path) -> Iterator[Path]:
    for base, _, names in os.walk(folder):
        yield from (Path(base) / name for name in names)
