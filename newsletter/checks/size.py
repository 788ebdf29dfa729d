"""The mail is small enough not to be cut off."""

from collections.abc import Iterator

from newsletter.checks.material import Material
from newsletter.findings import Finding
from newsletter.rendering.editions import Rendered

MAX_BYTES = 100_000
"""Gmail shows about the first 102 KB of a mail's HTML and hides the rest, the unsubscribe link with it."""


def check(material: Material) -> Iterator[Finding]:
    """Yield a warning for each language whose full edition is too large."""
    for language, edition in material.editions.items():
        if isinstance(edition, Rendered) and (size := len(edition.html.encode())) > MAX_BYTES:
            yield material.warning("size.large", language, size=size // 1000, most=MAX_BYTES // 1000)
