"""No story is told twice, and each is told in its newest words."""

from collections.abc import Iterator

from newsletter.checks.material import Material
from newsletter.checks.place import Place
from newsletter.content import Fair
from newsletter.findings import Finding
from newsletter.rendering.views import AnyStory

NEWS = ("changed", "postponed", "cancelled")
"""What of a fair is worth telling again."""


def check(material: Material) -> Iterator[Finding]:
    """Yield a warning for each story that an issue before has told, for one chosen twice, and for one saved since."""
    seen: set[int] = set()
    held = {choice.story_id: choice.revision for choice in material.content.stories}
    for story_id, story in material.stories:
        place = Place(story_id)
        if story_id in seen:
            yield material.error("repeated.twice", place=place)
            continue
        seen.add(story_id)
        told = material.earlier.get(story_id)
        if told and not _is_news(story, newer=held[story_id] > told.revision):
            yield material.warning("repeated.earlier", place=place, about=told.number, number=told.number)
        if material.heads.get(story_id, 0) > held[story_id] and material.issue.kind != "correction":
            yield material.warning("repeated.newer", place=place, about=material.heads[story_id])


def _is_news(story: AnyStory, *, newer: bool) -> bool:
    return newer and isinstance(story, Fair) and story.status in NEWS
