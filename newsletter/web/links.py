"""Where pages point: the addresses of `newsletter.urls` without scheme and host, and the static files."""

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path

from newsletter import urls
from newsletter.archive.search import Hit
from newsletter.archive.stories import Told
from newsletter.config import Settings
from newsletter.web import theme

STATIC = Path(__file__).with_name("static")


@dataclass(frozen=True)
class Links:
    """What templates call `links`."""

    settings: Settings

    def home(self, language: str) -> str:
        """Return the index of past issues."""
        return urls.path(urls.home(self.settings, language))

    def subscribe(self, language: str) -> str:
        """Return the subscribe page."""
        return urls.path(urls.subscribe(self.settings, language))

    def poster(self, language: str) -> str:
        """Return the poster with the QR code."""
        return urls.path(urls.poster(self.settings, language))

    def feed(self, language: str) -> str:
        """Return the Atom feed."""
        return urls.path(urls.feed(self.settings, language))

    def issue(self, language: str, slug: str) -> str:
        """Return an issue's page."""
        return urls.path(urls.issue_page(self.settings, language, slug))

    def story(self, told: Told) -> str:
        """Return a published story's own page."""
        return urls.path(urls.story_page(self.settings, told.language, told.story_id, told.slug))

    def found(self, language: str, hit: Hit) -> str:
        """Return the page of a story that the search found."""
        return urls.path(urls.story_page(self.settings, language, hit.story_id, hit.slug))

    def topic(self, language: str, key: str, year: int | None = None) -> str:
        """Return the page of a topic, or of one of its years."""
        path = urls.path(urls.topic(self.settings, language, key))
        return f"{path}{year}/" if year else path

    def topic_feed(self, language: str, key: str) -> str:
        """Return the Atom feed of a topic."""
        return urls.path(urls.topic_feed(self.settings, language, key))

    def topic_calendar(self, language: str, key: str) -> str:
        """Return the calendar of a topic's fairs."""
        return urls.path(urls.topic_calendar(self.settings, language, key))

    def calendar(self, language: str) -> str:
        """Return the page of coming fairs."""
        return urls.path(urls.calendar(self.settings, language))

    def calendar_file(self, language: str) -> str:
        """Return the calendar to subscribe to."""
        return urls.path(urls.calendar_file(self.settings, language))

    def search(self, language: str) -> str:
        """Return the search page."""
        return urls.path(urls.search(self.settings, language))

    def image(self, image_hash: str) -> str:
        """Return a picture."""
        return urls.path(urls.image(self.settings, image_hash))

    def flyer(self, flyer_hash: str) -> str:
        """Return a PDF flyer."""
        return urls.path(urls.flyer(self.settings, flyer_hash))

    def propose(self, language: str) -> str:
        """Return the form for proposals, or an empty string where the office takes none."""
        return urls.path(urls.propose(self.settings, language)) if self.settings.stories.proposals else ""

    def topics(self, token: str) -> str:
        """Return the page where a reader changes topics."""
        return urls.path(urls.topics(self.settings, token))

    def unsubscribe(self, token: str) -> str:
        """Return the page with the unsubscribe button."""
        return urls.path(urls.unsubscribe(self.settings, token))

    def static(self, name: str) -> str:
        """Return a static file, with its version so that browsers may keep it."""
        version = _digest(theme.css(self.settings.look)) if name == theme.NAME else _version(name)
        return f"{urls.path(self.settings.web.base_url).rstrip('/')}/static/{name}?v={version}"


@functools.cache
def _version(name: str) -> str:
    return _digest((STATIC / name).read_text(encoding="utf-8"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
