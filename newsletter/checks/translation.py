"""Whatever is said in one language is said in all: nothing falls back."""

from collections.abc import Iterator, Mapping

from newsletter.checks.material import ISSUE, Material, Place, fields
from newsletter.content import IssueText, Text
from newsletter.findings import Finding


def check(material: Material) -> Iterator[Finding]:
    """Yield an error for each missing language and for each field that only other languages fill."""
    yield from _lacking(material, material.content.texts, ISSUE, first="subject", whole="translation.issue")
    for story_id, story in material.stories:
        place = Place(story_id)
        yield from _lacking(material, story.texts, place, first="title", whole="translation.story")
        if story.picture is not None and story.picture.caption:
            for language in material.languages:
                if language in story.texts and not story.picture.caption.get(language):
                    yield _field(material, language, place, "caption")


def _lacking(
    material: Material, texts: Mapping[str, Text | IssueText], place: Place, *, first: str, whole: str
) -> Iterator[Finding]:
    """Compare the languages of one thing; `first` is the field that every language must fill."""
    filled = {language: {name for name, _ in fields(text)} for language, text in texts.items()}
    wanted = set().union(*filled.values()) | {first}
    for language in material.languages:
        if language not in texts:
            yield material.error(whole, language, place)
            continue
        for name in type(texts[language]).model_fields:
            if name in wanted - filled[language]:
                yield _field(material, language, place, name)


def _field(material: Material, language: str, place: Place, name: str) -> Finding:
    return material.error("translation.field", language, Place(place.story_id, name), field=material.field(name))
