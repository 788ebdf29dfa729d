"""Which story a link belongs to."""

import html as entities
import re
from collections.abc import Iterable, Iterator

from newsletter import urls
from newsletter.config import Settings
from newsletter.links import addresses
from newsletter.rendering.views import AnyStory

_HREF = re.compile(r"\shref=\"([^\"]*)\"")


def origins(settings: Settings, held: Iterable[tuple[int, AnyStory]]) -> dict[str, int]:
    """Return the story that first leads to each address, of stories in their order; ours are known by their form."""
    found: dict[str, int] = {}
    for story_id, story in held:
        for url in _addresses(settings, story_id, story):
            found.setdefault(addresses.canonical(url), story_id)
    found.pop("", None)
    return found


def _addresses(settings: Settings, story_id: int, story: AnyStory) -> Iterator[str]:
    yield story.url
    yield getattr(story, "map_url", "")  # fairs have one
    for flyer in story.flyers:
        yield urls.flyer(settings, flyer.hash)
    for language, text in story.texts.items():
        yield urls.story_page(settings, language, story_id)
        yield urls.story_page(settings, language, story_id, text.title)
        yield urls.story_calendar(settings, language, story_id)
        yield from (entities.unescape(url) for url in _HREF.findall(text.body))
