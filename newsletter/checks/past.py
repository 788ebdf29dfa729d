"""What is announced still lies ahead, and what is reported lies behind, on the day of sending."""

from collections.abc import Iterator

from newsletter.checks.material import Material
from newsletter.checks.place import Place
from newsletter.content import Fair, Food, Notice, Report
from newsletter.findings import Finding
from newsletter.issues import views
from newsletter.rendering import dates

_OFF = ("postponed", "cancelled")


def check(material: Material) -> Iterator[Finding]:
    """Yield an error for an event that is over, for an end before its beginning, and for a report of the future.

    Where a language goes out later, its day counts: an event must lie ahead of the last readers too.
    """
    for story_id, story in material.stories:
        if isinstance(story, Fair | Food):
            yield from _period(material, story, story_id)
        elif isinstance(story, Notice) and story.starts and story.starts < material.last_day:
            day = dates.day(story.starts, material.say.language)
            yield material.error("past.over", place=Place(story_id, "starts"), day=day)
        elif isinstance(story, Report) and story.happened and story.happened > material.day:
            day = dates.day(story.happened, material.say.language)
            yield material.error("past.ahead", place=Place(story_id, "happened"), day=day)


def _period(material: Material, story: Fair | Food, story_id: int) -> Iterator[Finding]:
    last = story.ends or story.starts
    if views.ends_before_it_begins(story):
        yield material.error("past.backwards", place=Place(story_id, "ends"))
    elif isinstance(story, Fair) and story.status in _OFF:
        return
    elif last is not None and last < material.last_day:
        place = Place(story_id, "ends" if story.ends else "starts")
        yield material.error("past.over", place=place, day=dates.day(last, material.say.language))
    elif last is None and isinstance(story, Fair):
        yield material.warning("past.undated", place=Place(story_id, "starts"))
    if isinstance(story, Fair):
        yield from _hours(material, story, story_id)


def _hours(material: Material, story: Fair, story_id: int) -> Iterator[Finding]:
    """Yield an error for hours on a day on which the fair is not held, and for hours that end before they begin."""
    for opening in story.openings:
        day = dates.day(opening.day, material.say.language)
        outside = story.starts is not None and not story.starts <= opening.day <= (story.ends or story.starts)
        if outside:
            yield material.error("past.outside", place=Place(story_id, "openings"), about=opening.day, day=day)
        elif opening.closes <= opening.opens:
            yield material.error("past.hours", place=Place(story_id, "openings"), about=opening.day, day=day)
