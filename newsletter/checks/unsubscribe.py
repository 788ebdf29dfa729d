"""Every edition says how to leave, by link and by address, in HTML and in plain text."""

from collections.abc import Iterator

from newsletter.checks.material import Material
from newsletter.findings import Finding
from newsletter.rendering.editions import Rendered

_NEEDED = ("unsubscribe_url", "unsubscribe_address")


def check(material: Material) -> Iterator[Finding]:
    """Yield an error for each language whose mail lacks either in either part."""
    for language, edition in material.editions.items():
        if isinstance(edition, Rendered) and not _can_be_left(edition):
            yield material.error("unsubscribe.missing", language)


def _can_be_left(edition: Rendered) -> bool:
    return all(edition.fields[name] in part for name in _NEEDED for part in (edition.html, edition.text))
