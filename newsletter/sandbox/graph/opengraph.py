"""Reading a linked page for its card, as the crawler does: really, but only from this machine."""

import gzip
import hashlib
import http.client
import json
import socket
import zlib
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from newsletter.sandbox.graph.failures import UNREAD_LINK
from newsletter.sandbox.graph.store import Store

AGENT = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"
PAGE_BYTES = 1024 * 1024
"""What lies beyond the first MB is not read (Meta's crawler page)."""
IMAGE_BYTES = 8 * 1024 * 1024
SECONDS = 5
REDIRECTS = 3

Card = dict[str, Any]
"""url, title, description, site, image (a key of the picture table, or empty)."""


def card(store: Store, link: str, *, anew: bool = False) -> Card:
    """Return the card of `link`, from the cache unless `anew`; raise GraphError where the page cannot be read.

    A page that is not on this machine is not fetched; its card holds the host alone.
    """
    known = store.row("SELECT card FROM scrape WHERE url = ?", link)
    if known and not anew:
        stored: Card = json.loads(known["card"])
        return stored
    made = _read(store, link)
    store.run("INSERT OR REPLACE INTO scrape VALUES (?, ?)", link, json.dumps(made))
    return made


class Tags(HTMLParser):
    """The Open Graph tags and the title of a page; of a tag given twice the first counts."""

    def __init__(self) -> None:
        """Start with none."""
        super().__init__()
        self.found: dict[str, str] = {}
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a meta tag, or expect the words of the title."""
        self._in_title = tag == "title"
        if tag == "meta":
            given = dict(attrs)
            name = given.get("property") or given.get("name") or ""
            self.found.setdefault(name, given.get("content") or "")

    def handle_data(self, data: str) -> None:
        """Keep the title."""
        if self._in_title:
            self.found.setdefault("title", data.strip())
            self._in_title = False


def _read(store: Store, link: str) -> Card:
    if not _is_here(link):
        host = urlsplit(link).hostname or link
        return {"url": link, "title": host, "description": "", "site": host, "image": ""}
    status, _, body = _fetch(link, PAGE_BYTES)
    if status != http.client.OK:
        raise UNREAD_LINK
    tags = Tags()
    tags.feed(body.decode("utf-8", "replace"))
    found = tags.found
    return {
        "url": found.get("og:url") or link,
        "title": found.get("og:title") or found.get("title") or link,
        "description": found.get("og:description") or found.get("description") or "",
        "site": found.get("og:site_name") or urlsplit(link).netloc,
        "image": _picture(store, urljoin(link, found["og:image"])) if found.get("og:image") else "",
    }


def _picture(store: Store, address: str) -> str:
    """Keep the picture so that the page shows it also when the office's server is gone; empty where there is none."""
    if not _is_here(address):
        return ""
    status, media_type, content = _fetch(address, IMAGE_BYTES)
    if status != http.client.OK or not media_type.startswith("image/"):
        return ""
    key = hashlib.sha256(content).hexdigest()
    store.run("INSERT OR IGNORE INTO picture VALUES (?, ?, ?)", key, media_type, content)
    return key


def _is_here(address: str) -> bool:
    """Return whether an address is served by this machine: only its own addresses can be bound."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme != "http":
        return False
    if host == "localhost":
        return True
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            socket.inet_pton(probe.family, host)  # a name is never looked up
            probe.bind((host, 0))
    except OSError:
        return False
    return True


def _fetch(address: str, limit: int) -> tuple[int, str, bytes]:
    """Return status, media type and the first `limit` bytes, following redirects on this machine."""
    for _ in range(REDIRECTS):
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=SECONDS)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", target, headers={"User-Agent": AGENT, "Accept-Encoding": "gzip, deflate"})
            answer = connection.getresponse()
            location = answer.headers.get("Location", "")
            if answer.status // 100 == 3 and location and _is_here(urljoin(address, location)):  # noqa: PLR2004 - 3xx
                address = urljoin(address, location)
                continue
            body = _unpacked(answer.headers.get("Content-Encoding", ""), answer.read(limit))
            return answer.status, answer.headers.get_content_type(), body
        except (OSError, http.client.HTTPException) as error:
            raise UNREAD_LINK from error
        finally:
            connection.close()
    raise UNREAD_LINK


def _unpacked(encoding: str, body: bytes) -> bytes:
    if encoding == "gzip":
        return gzip.decompress(body)
    return zlib.decompress(body) if encoding == "deflate" else body
