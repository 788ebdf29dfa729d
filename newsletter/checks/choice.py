"""The issue has stories, and each names topics and countries that readers can choose."""

from collections.abc import Iterator

from newsletter.checks.material import Material, Place
from newsletter.findings import Finding


def check(material: Material) -> Iterator[Finding]:
    """Yield an error for an issue without stories and for each unknown topic or country."""
    publication = material.settings.publication
    topics = [topic.key for topic in publication.topics]
    if not material.stories:
        yield material.error("choice.none")
    for story_id, story in material.stories:
        if story.topic is not None and story.topic not in topics:
            yield material.error("choice.topic", place=Place(story_id), about=story.topic, topic=story.topic)
        for country in story.countries:
            if country not in publication.countries:
                yield material.error("choice.country", place=Place(story_id), about=country, country=country)
