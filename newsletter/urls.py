"""The public addresses of things, in one place; all are absolute and without a query."""

import re
import unicodedata
from urllib.parse import urlsplit

from newsletter.config import Settings

THIRDS = (17, 50, 83)
"""The points of a picture that may stay in view, in percent of each side."""


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


def topic(settings: Settings, language: str, key: str) -> str:
    """Return the page of what was published about a topic."""
    return f"{settings.web.base_url}/{language}/topics/{key}/"


def topic_feed(settings: Settings, language: str, key: str) -> str:
    """Return the Atom feed of a topic."""
    return f"{settings.web.base_url}/{language}/topics/{key}/feed.xml"


def topic_calendar(settings: Settings, language: str, key: str) -> str:
    """Return the calendar of a topic's fairs, to subscribe to."""
    return f"{settings.web.base_url}/{language}/topics/{key}/calendar.ics"


def calendar(settings: Settings, language: str) -> str:
    """Return the page of coming fairs."""
    return f"{settings.web.base_url}/{language}/calendar/"


def calendar_file(settings: Settings, language: str) -> str:
    """Return the calendar of all fairs, to subscribe to."""
    return f"{settings.web.base_url}/{language}/calendar.ics"


def search(settings: Settings, language: str) -> str:
    """Return the search page."""
    return f"{settings.web.base_url}/{language}/search"


def sitemap(settings: Settings) -> str:
    """Return the list of all public pages for search engines."""
    return f"{settings.web.base_url}/sitemap.xml"


def story_page(settings: Settings, language: str, story_id: int, title: str = "") -> str:
    """Return a story's own page, public once an issue told it; an address without or with an old title leads there."""
    words = slug(title)
    return f"{settings.web.base_url}/{language}/stories/{story_id}{f'-{words}' if words else ''}/"


def story_calendar(settings: Settings, language: str, story_id: int) -> str:
    """Return the `.ics` file of one fair, public once an issue told it."""
    return f"{settings.web.base_url}/{language}/stories/{story_id}.ics"


def slug(title: str) -> str:
    """Return the Latin words of a title as they stand in an address; empty where it has none."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-")


def image(settings: Settings, image_hash: str) -> str:
    """Return a picture, named by the hash of its bytes; it never changes."""
    return f"{settings.web.base_url}/i/{image_hash}"


def preview(settings: Settings, image_hash: str, focus: tuple[float, float]) -> str:
    """Return a picture cut for link previews, so that its focus point stays in view."""
    across, down = (min(THIRDS, key=lambda third: abs(third - share * 100)) for share in focus)
    return f"{settings.web.base_url}/i/{image_hash}/{across}x{down}.jpg"


def flyer(settings: Settings, flyer_hash: str) -> str:
    """Return a PDF, named by the hash of its bytes; it never changes."""
    return f"{settings.web.base_url}/f/{flyer_hash}.pdf"


def propose(settings: Settings, language: str) -> str:
    """Return the form where a local government proposes a story."""
    return f"{settings.web.base_url}/{language}/propose"


def proposal(settings: Settings, language: str, token: str) -> str:
    """Return the page with the button that hands a proposal to the editors."""
    return f"{settings.web.base_url}/{language}/propose/{token}"


def proof(settings: Settings, language: str, token: str) -> str:
    """Return one story as readers will see it, for whoever has the link until it expires."""
    return f"{settings.web.base_url}/{language}/proof/{token}"


def logo(settings: Settings, tag: str) -> str:
    """Return the office's logo; `tag` changes with its file."""
    return f"{settings.web.base_url}/logo/{tag}"


def confirm(settings: Settings, token: str) -> str:
    """Return the page with the confirm button."""
    return f"{settings.web.base_url}/c/{token}"


def short(settings: Settings, token: str) -> str:
    """Return the short address that leads to a stored target and counts that it was followed."""
    return f"{settings.web.base_url}/l/{token}"


def unsubscribe(settings: Settings, token: str) -> str:
    """Return the page with the unsubscribe button; a POST to it is RFC 8058's one click."""
    return f"{settings.web.base_url}/u/{token}"


def topics(settings: Settings, token: str) -> str:
    """Return the page where the footer's token changes topics."""
    return f"{settings.web.base_url}/u/{token}/topics"


def desk_issue(settings: Settings, issue_id: int) -> str:
    """Return an issue's page on the editors' desk."""
    return f"{settings.web.base_url}/desk/issues/{issue_id}"


def desk_story(settings: Settings, story_id: int) -> str:
    """Return a story's page on the editors' desk."""
    return f"{settings.web.base_url}/desk/stories/{story_id}"


def desk_series(settings: Settings, series_id: int) -> str:
    """Return a series' page on the editors' desk."""
    return f"{settings.web.base_url}/desk/series/{series_id}"


def desk_correction(settings: Settings, correction_id: int) -> str:
    """Return a correction's page on the editors' desk."""
    return f"{settings.web.base_url}/desk/corrections/{correction_id}"


def decide(settings: Settings, token: str) -> str:
    """Return the page behind an approver's mailed link."""
    return f"{settings.web.base_url}/desk/decide/{token}"


def hold(settings: Settings, token: str) -> str:
    """Return the page behind the office copy's link, where an issue is held."""
    return f"{settings.web.base_url}/desk/hold/{token}"


def returning(settings: Settings, tag: str) -> str:
    """Return the envelope sender of a copy, with its tag unless the mail server takes no such address."""
    address = settings.publication.bounce_address
    return tagged(address, tag) if settings.relay.tagged_sender else address


def tagged(address: str, tag: str) -> str:
    """Return `local+tag@domain`, the subaddress of RFC 5233."""
    local, domain = address.rsplit("@", 1)
    return f"{local}+{tag}@{domain}"


def path(url: str) -> str:
    """Return one of our addresses without scheme and host, so that a page works under every name of its host."""
    return urlsplit(url).path or "/"
