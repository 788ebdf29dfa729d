"""The office's colours."""

from newsletter.config.base import Colour, Section


class Palette(Section):
    """Colours of one scheme."""

    paper: Colour
    wash: Colour
    line: Colour
    ink: Colour
    soft: Colour
    fairs: Colour
    food: Colour
    industry: Colour
    notice: Colour


class Look(Section):
    """The office's colours."""

    light: Palette
    dark: Palette
