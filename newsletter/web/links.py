"""Where pages point: the addresses of `newsletter.urls` without scheme and host, and the static files."""

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path

from newsletter import urls
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

    def image(self, image_hash: str) -> str:
        """Return a picture."""
        return urls.path(urls.image(self.settings, image_hash))

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
