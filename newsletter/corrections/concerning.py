"""Who has something wrong, and what the short mail tells them."""

import json
from dataclasses import dataclass

from newsletter.corrections import drafts, texts
from newsletter.models import Correction, Edition
from subscribers import languages


@dataclass(frozen=True)
class Concern:
    """What a correction puts right: stories, and introductions by their language."""

    stories: frozenset[int]
    introductions: frozenset[str]

    def told(self, edition: Edition) -> tuple[int, ...] | None:
        """Return the stories that readers of an edition are told again; None: nothing they have was wrong.

        An empty answer means that only its introduction was.
        """
        held = tuple(story_id for story_id in json.loads(edition.stories) if story_id in self.stories)
        if held or self.introductions.intersection(languages.of(edition.language)):
            return held
        return None

    @property
    def is_anybodys(self) -> bool:
        """Return whether anybody is told anything; otherwise only what still waits changes."""
        return bool(self.stories or self.introductions)


def of(correction: Correction) -> Concern:
    """Return what a correction puts right."""
    return Concern(frozenset(drafts.stories_of(correction)), frozenset(texts.introduced(correction)))
