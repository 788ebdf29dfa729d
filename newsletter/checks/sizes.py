"""Sizes of type as CSS writes them."""

import re

_SIZE = re.compile(r"^(\d+(?:\.\d+)?|\.\d+)(px|pt|em|rem|%)$")
ROOT_PIXELS = 16.0


def pixels(written: str, around: float) -> float:
    """Return a font size in pixels; `around` is the size outside, and holds for what cannot be read."""
    found = _SIZE.match(written.strip())
    if found is None:
        return around
    number, unit = float(found[1]), found[2]
    return number * {"px": 1.0, "pt": 4 / 3, "em": around, "rem": ROOT_PIXELS, "%": around / 100}[unit]
