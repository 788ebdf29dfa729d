"""Colours as CSS writes them, and how well one can be read on another (WCAG 2.2, 1.4.3)."""

from dataclasses import dataclass

from tinycss2 import color4

Rgb = tuple[float, float, float]
"""Red, green and blue from 0 to 1."""

BLACK: Rgb = (0.0, 0.0, 0.0)
WHITE: Rgb = (1.0, 1.0, 1.0)
LINK: Rgb = (0.0, 0.0, 0.933)
"""What browsers draw a link in that has no colour of its own."""
NORMAL = 4.5
LARGE = 3.0
"""The least contrast of small and of large text at level AA."""
NEARLY_BLACK = 0.04045
"""Up to here a channel is linear (WCAG's relative luminance)."""


@dataclass(frozen=True)
class Colour:
    """A colour that may let the one below shine through."""

    rgb: Rgb
    alpha: float

    def over(self, below: Rgb) -> Rgb:
        """Return what is seen where it lies on `below`."""
        red, green, blue = (
            self.alpha * upper + (1 - self.alpha) * lower for upper, lower in zip(self.rgb, below, strict=True)
        )
        return red, green, blue


def read(value: str) -> Colour | None:
    """Return the colour of a value, or None for what names none here (inherit, a picture, currentcolor)."""
    try:
        found = color4.parse_color(value)
    except ValueError:
        return None
    if found is None or isinstance(found, str):
        return None
    red, green, blue, *_ = found.to("srgb")
    return Colour((_within(red), _within(green), _within(blue)), found.alpha)


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def written(rgb: Rgb) -> str:
    """Return a colour as #rrggbb."""
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in rgb)


def _luminance(rgb: Rgb) -> float:
    red, green, blue = (
        channel / 12.92 if channel <= NEARLY_BLACK else ((channel + 0.055) / 1.055) ** 2.4 for channel in rgb
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _within(channel: float | None) -> float:
    return min(1.0, max(0.0, channel or 0.0))
