"""Links: short addresses for what an issue leads to, counted without knowing who follows them."""

from newsletter.links.addresses import codes
from newsletter.links.counting import LinkCount, add, clicks
from newsletter.links.keeping import Found, find, held, is_out, keep
from newsletter.links.origins import origins
from newsletter.links.shortening import Shortened, shorten
from newsletter.links.tally import Tally

__all__ = [
    "Found",
    "LinkCount",
    "Shortened",
    "Tally",
    "add",
    "clicks",
    "codes",
    "find",
    "held",
    "is_out",
    "keep",
    "origins",
    "shorten",
]
