"""The picture of a link preview: an issue's title, set in the office's colours (Open Graph, 1200 x 630)."""

from newsletter.archive.cards.drawing import draw
from newsletter.archive.cards.keeping import keep

__all__ = ["draw", "keep"]
