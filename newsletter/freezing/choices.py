"""Which editions an issue needs: the sets of stories that its readers get."""

from collections.abc import Iterable, Sequence

from newsletter.choosing import Choice, stories_for
from subscribers.audience import Group


def combinations(choices: Sequence[Choice], groups: Iterable[Group], language: str) -> list[tuple[int, ...]]:
    """Return the sets of stories that readers of `language` get, each once: the full one first, then the largest."""
    full = tuple(choice.story_id for choice in choices)
    found = {stories_for(choices, group.topics, group.interests) for group in groups if group.language == language}
    return sorted((found | {full}) - {()}, key=lambda ids: (-len(ids), ids))
