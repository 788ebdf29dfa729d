"""In which colours each text of a mail is seen, in light and in dark mode, as a browser's cascade gives it."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from lxml.cssselect import CSSSelector, SelectorError

from newsletter.checks import colours, sizes, styles
from newsletter.checks.colours import Rgb
from newsletter.checks.document import Document
from newsletter.checks.styles import Rule

LARGE_PIXELS = 24.0
LARGE_BOLD_PIXELS = 18.66
"""From here on text is large (WCAG 2.2, 1.4.3: 18 pt, or 14 pt bold)."""
DARK = "prefers-color-scheme:dark"
BOLD = ("b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6")
Looks = dict[str, str]
"""Properties and values of one element."""


@dataclass(frozen=True)
class Shade:
    """How a text looks where it stands."""

    colour: Rgb = colours.BLACK
    ground: Rgb | None = colours.WHITE  # none: a picture, whose colours are not known
    pixels: float = 16.0
    bold: bool = False

    @property
    def least(self) -> float:
        """Return the contrast that this text needs."""
        large = self.pixels >= (LARGE_BOLD_PIXELS if self.bold else LARGE_PIXELS)
        return colours.LARGE if large else colours.NORMAL


@lru_cache(maxsize=16)  # an issue is checked again each time it is looked at
def texts(document: Document, *, dark: bool) -> tuple[tuple[str, Shade], ...]:
    """Return each text that is shown, and how."""
    ruled = _ruled(document, dark=dark)
    body = document.root.find("body")
    return tuple(_within(document.root if body is None else body, Shade(), ruled))


def _within(element: Any, around: Shade, ruled: dict[Any, Looks]) -> Iterator[tuple[str, Shade]]:
    looks = _looks(element, ruled)
    if _hidden(looks):
        return
    shade = _shade(looks, around)
    if words := _words(element.text):
        yield words, shade
    for child in element:
        if isinstance(child.tag, str) and child.tag not in ("style", "script", "title"):
            yield from _within(child, shade, ruled)
        if words := _words(child.tail):
            yield words, shade


def _looks(element: Any, ruled: dict[Any, Looks]) -> Looks:
    """Return what holds for an element: attributes, then its style, then what style sheets make important."""
    looks: Looks = {}
    if element.get("bgcolor"):
        looks["background-color"] = element.get("bgcolor")
    if element.tag == "a" and element.get("href") is not None:
        looks["color"] = colours.written(colours.LINK)
    if element.tag in BOLD:
        looks["font-weight"] = "bold"
    own = {one.name: one.value for one in styles.attribute(element.get("style") or "")}
    return looks | own | ruled.get(element, {})


def _shade(looks: Looks, around: Shade) -> Shade:
    ground = _ground(looks, around.ground)
    said = colours.read(looks.get("color", ""))
    colour = around.colour if said is None else said.over(ground or around.colour)
    bold = around.bold
    if weight := looks.get("font-weight", ""):
        bold = weight in ("bold", "bolder") or (weight.isdecimal() and int(weight) >= 600)  # noqa: PLR2004 - CSS Fonts
    pixels = sizes.pixels(looks.get("font-size", ""), around.pixels)
    return replace(around, colour=colour, ground=ground, bold=bold, pixels=pixels)


def _ground(looks: Looks, around: Rgb | None) -> Rgb | None:
    if "url(" in looks.get("background", "") + looks.get("background-image", ""):
        return None
    words = [looks.get("background-color", ""), *looks.get("background", "").split()]
    named = next((colour for word in words if (colour := colours.read(word))), None)
    if named is None:
        return around
    return named.rgb if around is None and named.alpha == 1 else named.over(around) if around else None


def _hidden(looks: Looks) -> bool:
    gone = looks.get("display") == "none" or looks.get("visibility") == "hidden"
    return gone or looks.get("max-height") in ("0", "0px") or looks.get("font-size") in ("0", "0px", "1px")


def _words(text: str | None) -> str:
    """Return what is to be read of a text: nothing of blanks, joiners and marks."""
    if text is None or all(unicodedata.category(character)[0] in "ZCM" for character in text):
        return ""
    return " ".join(text.split())


def _ruled(document: Document, *, dark: bool) -> dict[Any, Looks]:
    """Return what the style sheets say of each element and its own style does not overrule."""
    said: dict[Any, list[tuple[bool, tuple[int, int], int, str, str]]] = {}
    for order, rule in enumerate(styles.sheet(document.style)):
        if rule.media and not (dark and DARK in "".join(rule.media.split()) and "width" not in rule.media):
            continue
        for element in _matched(document, rule):
            own = {one.name for one in styles.attribute(element.get("style") or "")}
            said.setdefault(element, []).extend(
                (one.important, _weight(rule.selector), order, one.name, one.value)
                for one in rule.declarations
                if one.important or one.name not in own
            )
    return {element: {name: value for *_, name, value in sorted(lines)} for element, lines in said.items()}


def _matched(document: Document, rule: Rule) -> list[Any]:
    selector = _selector(rule.selector)
    return [] if selector is None else list(selector(document.root))


@lru_cache(maxsize=512)
def _selector(written: str) -> Any:
    """Return a selector, or None for one that holds only while something is done (:hover) or is unknown here."""
    if ":" in written:
        return None
    try:
        return CSSSelector(written, translator="html")
    except SelectorError:
        return None


def _weight(selector: str) -> tuple[int, int]:
    """Return how much a selector counts: ids, classes and attributes, then elements."""
    special = selector.count("#") * 100 + selector.count(".") + selector.count("[")
    elements = sum(1 for part in selector.replace(">", " ").split() if part[:1].isalpha())
    return special, elements
