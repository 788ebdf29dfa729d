"""What is announced still lies ahead, and what is reported lies behind, on the day of sending."""

from collections.abc import Iterator

from newsletter.checks.material import Material, Place
from newsletter.content import Fair, Food, Notice, Report
from newsletter.findings import Finding
from newsletter.issues import views
from newsletter.rendering import dates

_OFF = ("postponed", "cancelled")


def check(material: Material) -> Iterator[Finding]:
    """Yield an error for an event that is over, for an end before its beginning, and for a report of the future."""
    for story_id, story in material.stories:
        place = Place(story_id)
        if isinstance(story, Fair | Food):
            yield from _period(material, story, place)
        elif isinstance(story, Notice) and story.starts and story.starts < material.day:
            yield material.error("past.over", place=place, day=dates.day(story.starts, material.say.language))
        elif isinstance(story, Report) and story.happened and story.happened > material.day:
            yield material.error("past.ahead", place=place, day=dates.day(story.happened, material.say.language))


def _period(material: Material, story: Fair | Food, place: Place) -> Iterator[Finding]:
    last = story.ends or story.starts
    if views.ends_before_it_begins(story):
        yield material.error("past.backwards", place=place)
    elif isinstance(story, Fair) and story.status in _OFF:
        return
    elif last is not None and last < material.day:
        yield material.error("past.over", place=place, day=dates.day(last, material.say.language))
    elif last is None and isinstance(story, Fair):
        yield material.warning("past.undated", place=place)
