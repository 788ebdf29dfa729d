"""Whatever is said in one language is said in all, and newly: nothing falls back."""

from collections.abc import Iterator, Mapping, Sequence

from newsletter.checks.material import Material
from newsletter.checks.place import ISSUE, Place
from newsletter.checks.wording import fields
from newsletter.content import IssueText, Text
from newsletter.findings import Finding
from newsletter.rendering.views import AnyStory


def check(material: Material) -> Iterator[Finding]:
    """Yield an error for each missing language and for each field that only other languages fill.

    A warning tells of words that were left as they are when another language changed, and of a story that is
    told in one language only.
    """
    texts, spoken = material.content.texts, material.languages
    yield from _lacking(material, texts, spoken, ISSUE, first="subject", whole="translation.issue")
    for story_id, story in material.stories:
        place, spoken = Place(story_id), material.told_in(story)
        yield from _lacking(material, story.texts, spoken, place, first="title", whole="translation.story")
        yield from _captions(material, story, place)
        for language, standing in material.standings.get(story_id, {}).items():
            if standing.state == "out_of_date" and language in story.texts:
                yield material.warning("translation.out_of_date", language, place, about=material.heads[story_id])


def _lacking(
    material: Material,
    texts: Mapping[str, Text | IssueText],
    spoken: Sequence[str],
    place: Place,
    *,
    first: str,
    whole: str,
) -> Iterator[Finding]:
    """Compare the languages of one thing; `first` is the field that every language must fill."""
    filled = {language: {name for name, _ in fields(text)} for language, text in texts.items() if language in spoken}
    wanted = set().union(*filled.values()) | {first}
    for language in spoken:
        if language not in texts:
            yield material.error(whole, language, place)
            continue
        for name in type(texts[language]).model_fields:
            if name in wanted - filled[language]:
                yield _field(material, language, place, name)


def _captions(material: Material, story: AnyStory, place: Place) -> Iterator[Finding]:
    spoken = [language for language in material.told_in(story) if language in story.texts]
    if story.picture is not None and story.picture.caption:
        yield from (_field(material, one, place, "caption") for one in spoken if not story.picture.caption.get(one))
    for flyer in story.flyers:
        yield from (_field(material, one, place, "flyer") for one in spoken if not flyer.title.get(one))


def _field(material: Material, language: str, place: Place, name: str) -> Finding:
    return material.error("translation.field", language, Place(place.story_id, name), field=material.field(name))
