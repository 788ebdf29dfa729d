"""The public addresses of things, in one place; all are absolute and without a query."""

from urllib.parse import urlsplit

from newsletter.config import Settings


def home(settings: Settings, language: str) -> str:
    """Return the index of past issues."""
    return f"{settings.web.base_url}/{language}/"


def subscribe(settings: Settings, language: str) -> str:
    """Return the subscribe page."""
    return f"{settings.web.base_url}/{language}/subscribe"


def poster(settings: Settings, language: str) -> str:
    """Return the printable page with the QR code of the subscribe page."""
    return f"{settings.web.base_url}/{language}/poster"


def feed(settings: Settings, language: str) -> str:
    """Return the Atom feed."""
    return f"{settings.web.base_url}/{language}/feed.xml"


def issue_page(settings: Settings, language: str, slug: str) -> str:
    """Return an issue's public page; `slug` is unguessable before release."""
    return f"{settings.web.base_url}/{language}/issues/{slug}/"


def image(settings: Settings, image_hash: str) -> str:
    """Return a picture, named by the hash of its bytes; it never changes."""
    return f"{settings.web.base_url}/i/{image_hash}"


def confirm(settings: Settings, token: str) -> str:
    """Return the page with the confirm button."""
    return f"{settings.web.base_url}/c/{token}"


def unsubscribe(settings: Settings, token: str) -> str:
    """Return the page with the unsubscribe button; a POST to it is RFC 8058's one click."""
    return f"{settings.web.base_url}/u/{token}"


def topics(settings: Settings, token: str) -> str:
    """Return the page where the footer's token changes topics."""
    return f"{settings.web.base_url}/u/{token}/topics"


def desk_issue(settings: Settings, issue_id: int) -> str:
    """Return an issue's page on the editors' desk."""
    return f"{settings.web.base_url}/desk/issues/{issue_id}"


def tagged(address: str, tag: str) -> str:
    """Return `local+tag@domain`, the subaddress of RFC 5233."""
    local, domain = address.rsplit("@", 1)
    return f"{local}+{tag}@{domain}"


def path(url: str) -> str:
    """Return one of our addresses without scheme and host, so that a page works under every name of its host."""
    return urlsplit(url).path or "/"
