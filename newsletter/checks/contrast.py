"""Every text can be read on its ground, in light and in dark mode."""

from collections.abc import Iterator
from typing import Any

from newsletter.checks import colours, shades
from newsletter.checks.document import Document
from newsletter.checks.material import Material
from newsletter.findings import Finding

SCHEMES = {"contrast.light": False, "contrast.dark": True}
LONGEST_SHOWN = 40


def check(material: Material) -> Iterator[Finding]:
    """Yield a warning for each pair of colours that is too close, with the first text in it."""
    for language, document in material.documents.items():
        for name, dark in SCHEMES.items():
            yield from _close(material, name, language, document, dark=dark)


def _close(material: Material, name: str, language: str, document: Document, *, dark: bool) -> Iterator[Finding]:
    said = set()
    for words, shade in shades.texts(document, dark=dark):
        if shade.ground is None:
            continue
        pair = colours.written(shade.colour), colours.written(shade.ground)
        found = colours.contrast(shade.colour, shade.ground)
        if found < shade.least and (pair, shade.least) not in said:
            said.add((pair, shade.least))
            told: Any = {"colour": pair[0], "ground": pair[1], "found": f"{found:.1f}", "least": f"{shade.least:g}"}
            yield material.warning(name, language, about=(*pair, shade.least), words=_short(words), **told)


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_SHOWN else words[:LONGEST_SHOWN].rstrip() + "…"
