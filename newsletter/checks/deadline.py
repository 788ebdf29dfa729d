"""Readers have time to apply when the issue reaches them."""

from collections.abc import Iterator

from newsletter.checks.material import Material
from newsletter.checks.place import Place
from newsletter.content import Industry
from newsletter.findings import Finding
from newsletter.rendering import dates


def check(material: Material) -> Iterator[Finding]:
    """Yield an error for a deadline before the day of the last readers, a warning for one on that day."""
    for story_id, story in material.stories:
        if isinstance(story, Industry) and story.deadline is not None and story.deadline <= material.last_day:
            day = dates.day(story.deadline, material.say.language)
            place = Place(story_id, "deadline")
            if story.deadline < material.last_day:
                yield material.error("deadline.over", place=place, about=story.deadline, day=day)
            else:
                yield material.warning("deadline.today", place=place, about=story.deadline, day=day)
