"""The mail is small enough not to be cut off."""

from collections.abc import Iterator
from typing import Any

from newsletter.checks.material import Material
from newsletter.findings import Finding
from newsletter.rendering.editions import Rendered

MAX_BYTES = 100_000
"""Gmail shows about the first 102 KB of a mail's HTML and hides the rest, the unsubscribe link with it."""
GOOD_BYTES = 80_000
"""From here on a longer footer or a counted link could bring it over the limit."""


def check(material: Material) -> Iterator[Finding]:
    """Yield an error for each full edition that would be cut off, a warning for one that nearly is."""
    for language, edition in material.editions.items():
        if not isinstance(edition, Rendered):
            continue
        size = len(edition.html.encode())
        told: Any = {"size": size // 1000, "most": MAX_BYTES // 1000, "good": GOOD_BYTES // 1000}
        if size > MAX_BYTES:
            yield material.error("size.cut", language, **told)
        elif size > GOOD_BYTES:
            yield material.warning("size.large", language, **told)
