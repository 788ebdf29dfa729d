"""Somebody would get the issue, and about as many as got the one before."""

from collections.abc import Iterator
from typing import Any

from newsletter.checks.material import Material
from newsletter.choosing import stories_for
from newsletter.findings import Finding
from subscribers.audience import Group

FEW = 20
"""Below this a handful of sign-ups is a large share, and says nothing."""


def check(material: Material) -> Iterator[Finding]:
    """Yield a warning for each language in which nobody would get it, and for a number far from the last one."""
    if material.choices is None:
        return
    reached = [group for group in material.groups if _gets_something(material, group)]
    for language in _addressed(material):
        if not any(group.reads(language) for group in reached):
            yield material.warning("audience.empty", language)
    yield from _compared(material, sum(group.count for group in reached))


def _compared(material: Material, readers: int) -> Iterator[Finding]:
    before = material.before
    if before is None or not readers or max(readers, before.readers) < FEW:
        return
    change = abs(readers - before.readers) / max(before.readers, 1)
    if change * 100 > material.settings.checks.audience_change_percent:
        name = "audience.more" if readers > before.readers else "audience.fewer"
        told: Any = {"readers": f"{readers:,}", "before": f"{before.readers:,}", "number": before.number}
        yield material.warning(name, about=(before.number, _size(readers)), **told)


def _gets_something(material: Material, group: Group) -> bool:
    choices = (material.choices or {}).get(group.language, ())
    return bool(stories_for(choices, group.topics, group.interests))


def _addressed(material: Material) -> tuple[str, ...]:
    """Return the languages that readers of this issue read; all where it does not say."""
    chosen = material.content.audience.languages
    return tuple(language for language in material.languages if not chosen or language in chosen)


def _size(readers: int) -> int:
    """Return the number to two digits, so that a tick outlasts a few sign-ups but not another such leap."""
    return int(float(f"{readers:.1e}"))
