"""Each picture is there, is small enough for a telephone abroad, and is described for those who do not see it."""

import re
from collections.abc import Iterator

from newsletter.checks.material import Material
from newsletter.checks.place import Place
from newsletter.content import Picture
from newsletter.findings import Finding

MAX_BYTES = 400_000
"""A picture of 1,200 pixels is 150 to 250 KB; with more it appears late on a telephone."""
MAX_ALL_BYTES = 2_000_000
"""Of one mail: what a reader abroad, who pays for data, still forgives."""
MAX_DESCRIPTION = 250
"""Characters; a screen reader reads a description in one breath."""
_FILE_NAME = re.compile(
    r"^\s*\S+\.(?:jpe?g|png|gif|webp|heic|tiff?)\s*$|^\s*(?:IMG|DSC[NF]?|P\d)[_-]?\d{3,}\s*$", re.IGNORECASE
)
_NO_NEWS = {"image", "picture", "photo", "photograph", "logo", "banner", "写真", "画像", "図", "イメージ", "バナー"}


def check(material: Material) -> Iterator[Finding]:
    """Yield an error for each missing picture or description, a warning for poor ones and for what is too large."""
    for story_id, story in material.stories:
        if story.picture is None:
            continue
        place = Place(story_id, "picture")
        if story.picture.hash not in material.pictures:
            yield material.error("pictures.gone", place=place)
        elif (size := material.pictures[story.picture.hash]) > MAX_BYTES:
            kilobytes, most = size // 1000, MAX_BYTES // 1000
            yield material.warning("pictures.large", place=place, about=story.picture.hash, size=kilobytes, most=most)
        for language in material.told_in(story):
            yield from _described(material, story.picture, language, place)
    if (together := sum(material.pictures.values())) > MAX_ALL_BYTES:
        megabytes, most = f"{together / 1_000_000:.1f}", MAX_ALL_BYTES // 1_000_000
        yield material.warning("pictures.together", about=sorted(material.pictures), size=megabytes, most=most)


def _described(material: Material, picture: Picture, language: str, place: Place) -> Iterator[Finding]:
    said = picture.alt.get(language, "")
    if not said:
        yield material.error("pictures.alt", language, place)
    elif _FILE_NAME.match(said) or said.strip().lower().rstrip(".。") in _NO_NEWS:
        yield material.error("pictures.alt_empty", language, place, about=said, words=said)
    elif len(said) > MAX_DESCRIPTION:
        yield material.warning("pictures.alt_long", language, place, about=said, most=MAX_DESCRIPTION)
