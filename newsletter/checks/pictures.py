"""Each picture is there, and is described in words for those who do not see it."""

from collections.abc import Iterator

from newsletter.checks.material import Material, Place
from newsletter.findings import Finding


def check(material: Material) -> Iterator[Finding]:
    """Yield an error for each missing description and each missing picture."""
    for story_id, story in material.stories:
        if story.picture is None:
            continue
        place = Place(story_id)
        if story.picture.hash not in material.images:
            yield material.error("pictures.gone", place=place)
        for language in material.languages:
            if not story.picture.alt.get(language):
                yield material.error("pictures.alt", language, place)
