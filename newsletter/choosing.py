"""Which stories of an issue a reader gets; pure."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """What decides over a story: its topic's bit (0: everybody) and its countries' mask (0: all)."""

    story_id: int
    topic: int
    countries: int


def stories_for(choices: Iterable[Choice], topics: int, interests: int) -> tuple[int, ...]:
    """Return the ids of the stories for a reader of these topics and countries of interest, in order.

    A story without a topic goes to everybody; a reader without interests wants all countries.
    """
    return tuple(
        choice.story_id
        for choice in choices
        if (not choice.topic or choice.topic & topics)
        and (not choice.countries or not interests or choice.countries & interests)
    )
