"""Set a title in lines: Latin broken at spaces, Japanese between phrases, all lines about equally long; pure."""

import re
from collections.abc import Callable

Measure = Callable[[str], float]
"""Returns how many pixels wide a text is."""

_CLOSING = "、。，．・：；！？」』）】〕〉》”’ー々〜…‥゛゜,.:;!?)]}%"
_OPENING = "「『（【〔〈《“‘([{"
_UNIT = re.compile(
    rf"[{re.escape(_OPENING)}]*"
    r"(?:[\u4e00-\u9fff々〆0-9０-９]+[\u3041-\u309f]*"  # a stem of Chinese characters with what is bent of it
    r"|[\u30a0-\u30ff]+[\u3041-\u309f]*"  # a word in katakana with its particle
    r"|[\u3041-\u309f]+"
    r"|[^\s\u3041-\u30ff\u4e00-\u9fff]+"  # a Latin word
    r"|.)"
    rf"[{re.escape(_CLOSING)}]*\s*",
    re.DOTALL,
)


def least(text: str, width: float, measure: Measure) -> int:
    """Return how many lines of at most `width` a text needs."""
    return len(_fill(_units(text, width, measure), width, measure))


def lines(text: str, width: float, measure: Measure) -> list[str]:
    """Return `text` in as few lines of at most `width` as it needs, the longest of them as short as can be."""
    units = _units(text, width, measure)
    needed = len(_fill(units, width, measure))
    low, high = 0.0, width
    while high - low > 1:  # the narrowest column with as many lines
        middle = (low + high) / 2
        tried = _fill(units, middle, measure)
        fits = len(tried) == needed and all(measure(line) <= middle for line in tried)
        low, high = (low, middle) if fits else (middle, high)
    return _fill(units, high, measure)


def _units(text: str, width: float, measure: Measure) -> list[str]:
    return [piece for unit in _UNIT.findall(text.strip()) for piece in _fitting(unit, width, measure)]


def _fill(units: list[str], width: float, measure: Measure) -> list[str]:
    found: list[str] = []
    line = ""
    for unit in units:
        if line and measure((line + unit).rstrip()) > width:
            found.append(line.rstrip())
            line = ""
        line += unit
    return [*found, line.rstrip()] if line.strip() else found


def _fitting(unit: str, width: float, measure: Measure) -> list[str]:
    """Return a unit, cut where it is longer than a line; no mark that ends something begins one."""
    if measure(unit.rstrip()) <= width:
        return [unit]
    pieces = [""]
    for each in unit:
        if measure(pieces[-1] + each) > width and each not in _CLOSING:
            pieces.append("")
        pieces[-1] += each
    return pieces
