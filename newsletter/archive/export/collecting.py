"""Follow the links of the public pages and turn what they lead to into files that link to each other."""

import posixpath
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsletter import urls
from newsletter.archive.export import door, markup
from newsletter.config import Settings

_SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp", "application/pdf": ".pdf"}
"""Plain web servers tell what a file is by the end of its name."""


@dataclass(frozen=True)
class Answer:
    """What the program answers for a path: a page for everybody, a way to another path, or nothing (`None` body)."""

    body: bytes | None
    media_type: str = ""
    leads_to: str = ""


Fetch = Callable[[str], Answer]
"""Asks the program for a path with its query."""


def collect(settings: Settings, fetch: Fetch) -> dict[str, bytes]:
    """Return every public file by its name, as `en/index.html`.

    Links between them are relative, so that they work on any server and from a folder; what needs the program
    (subscribe, search) keeps its full address.
    """
    walk = _Walk(settings, fetch)
    walk.follow()
    pages = {name: walk.relinked(path) for path, name in walk.names.items()}
    return pages | {"index.html": door.page(settings)}


class _Walk:
    """One walk through the pages."""

    def __init__(self, settings: Settings, fetch: Fetch) -> None:
        parts = urlsplit(settings.web.base_url)
        self._host, self._base = f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")
        self._unkept = {urls.path(urls.search(settings, each)) for each in settings.publication.languages}
        self._waiting = [urls.path(urls.home(settings, each)) for each in settings.publication.languages]
        self._waiting += [urls.path(urls.calendar_file(settings, each)) for each in settings.publication.languages]
        self._fetch = fetch
        self._answers: dict[str, Answer] = {}
        self.names: dict[str, str] = {}

    def follow(self) -> None:
        """Ask for every path that links lead to, each once."""
        while self._waiting:
            path = self._waiting.pop()
            if path in self._answers:
                continue
            answer = Answer(None) if path in self._unkept else self._fetch(path.removeprefix(self._base))
            self._answers[path] = answer
            if answer.leads_to:
                self._waiting.append(answer.leads_to)
            if answer.body is None:
                continue
            self.names[path] = _name(path.removeprefix(self._base), answer.media_type)
            if answer.media_type == "text/html":
                found = (self._path(link) for link in markup.links(answer.body.decode()))
                self._waiting += filter(None, found)

    def relinked(self, path: str) -> bytes:
        """Return a file with its links changed."""
        answer = self._answers[path]
        if answer.media_type != "text/html":
            return answer.body or b""
        here = posixpath.dirname(self.names[path])
        return markup.relinked((answer.body or b"").decode(), lambda link: self._link(link, here)).encode()

    def _link(self, link: str, here: str) -> str:
        path = self._path(link)
        if not path:
            return link
        target = self.names.get(self._answers[path].leads_to or path)
        if target is None:
            return self._host + link if link.startswith("/") else link
        fragment = urlsplit(link).fragment
        return posixpath.relpath(target, here or ".") + (f"#{fragment}" if fragment else "")

    def _path(self, link: str) -> str:
        """Return the path and query of a link to one of our pages; empty for any other."""
        if not link.startswith("/") or link.startswith("//"):
            return ""
        parts = urlsplit(link)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _name(path: str, media_type: str) -> str:
    """Return the name of the file for a path: a page's folder holds an index, and no name has a query."""
    name = urlsplit(path).path.lstrip("/")
    if name.endswith("/"):
        return f"{name}index.html"
    suffix = _SUFFIXES.get(media_type, "")
    return name if name.endswith(suffix) else f"{name}{suffix}"
