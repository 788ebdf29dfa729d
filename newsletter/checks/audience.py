"""Somebody would get the issue."""

from collections.abc import Iterator

from newsletter.checks.material import Material
from newsletter.choosing import stories_for
from newsletter.findings import Finding


def check(material: Material) -> Iterator[Finding]:
    """Yield a warning for each language in which nobody would: the page and the post still appear."""
    if material.choices is None:
        return
    for language in material.languages:
        readers = [
            group
            for group in material.groups
            if group.language == language and stories_for(material.choices, group.topics, group.interests)
        ]
        if not readers:
            yield material.warning("audience.empty", language)
