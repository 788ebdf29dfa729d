"""A link belongs to the story that leads there."""

from newsletter import links, urls
from newsletter.config import Settings
from tests.newsletter.rendering import sample


def test_each_address_of_a_story_is_its_own(settings: Settings) -> None:
    origins = links.origins(settings, [(7, sample.FAIR), (8, sample.FAIR)])

    assert origins["https://fair.example.org/visit?a=1&b=2"] == 7
    assert origins["https://map.example.org/hall"] == 7
    assert origins[urls.story_calendar(settings, "ja", 8)] == 8
    assert origins["https://talks.example.org/"] == 7
    assert "" not in origins
