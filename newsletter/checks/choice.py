"""The issue has stories, and each names topics and countries that readers can choose."""

from collections.abc import Iterator

from newsletter.checks.material import Material
from newsletter.checks.place import Place
from newsletter.findings import Finding


def check(material: Material) -> Iterator[Finding]:
    """Yield an error for an issue without stories, also in one language, and for each unknown topic or country."""
    publication = material.settings.publication
    topics = [topic.key for topic in publication.topics]
    if not material.stories:
        yield material.error("choice.none")
    for language in material.languages if material.stories else ():
        if not any(language in material.told_in(story) for _, story in material.stories):
            yield material.error("choice.none_in", language)
    for story_id, story in material.stories:
        if story.topic is not None and story.topic not in topics:
            yield material.error("choice.topic", place=Place(story_id, "topic"), about=story.topic, topic=story.topic)
        for country in story.countries:
            if country not in publication.countries:
                yield material.error(
                    "choice.country", place=Place(story_id, "countries"), about=country, country=country
                )
    yield from _audience(material, topics)


def _audience(material: Material, topics: list[str]) -> Iterator[Finding]:
    """Yield an error for a topic of the audience that nobody can have chosen."""
    for topic in material.content.audience.topics:
        if topic not in topics:
            yield material.error("choice.topic", place=Place(field="audience"), about=topic, topic=topic)
