"""The list of all public pages for search engines, with each page's other languages, and what they may visit."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from lxml import etree

from newsletter import urls
from newsletter.archive.shelf import Entry
from newsletter.archive.stories import Told
from newsletter.config import Settings

MEDIA_TYPE = "application/xml"
MOST = 50_000
"""Addresses in one list (sitemaps.org); the newest stand in it."""
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
_PRIVATE = ("/desk/", "/c/", "/u/", "/l/", "/*/proof/", "/*/propose/")


def write(settings: Settings, issues: Mapping[str, Sequence[Entry]], stories: Sequence[Told]) -> bytes:
    """Return the list as XML; `issues` are those of each language, newest first."""
    root = etree.Element(f"{{{_SITEMAP}}}urlset", nsmap={None: _SITEMAP, "xhtml": _XHTML})
    for pages, changed in _pages(settings, issues, stories):
        if len(root) + len(pages) > MOST:
            break
        for page in pages.values():
            _add(root, page, pages, changed)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def robots(settings: Settings) -> str:
    """Return robots.txt (RFC 9309): nothing behind a link of somebody's own, nor the editors' desk."""
    base = urls.path(settings.web.base_url).rstrip("/")
    lines = ["User-agent: *", *(f"Disallow: {base}{path}" for path in _PRIVATE)]
    return "\n".join([*lines, "", f"Sitemap: {urls.sitemap(settings)}", ""])


def _pages(
    settings: Settings, issues: Mapping[str, Sequence[Entry]], stories: Sequence[Told]
) -> Iterator[tuple[dict[str, str], datetime | None]]:
    """Return each page in all its languages, with its last change."""
    languages = settings.publication.languages
    yield {language: urls.home(settings, language) for language in languages}, None
    yield {language: urls.calendar(settings, language) for language in languages}, None
    for topic in settings.publication.topics:
        yield {language: urls.topic(settings, language, topic.key) for language in languages}, None
    listed: dict[str, dict[str, Entry]] = {}
    for language, entries in issues.items():
        for entry in entries:
            listed.setdefault(entry.slug, {})[language] = entry
    for slug, found in listed.items():
        changed = max(entry.changed_at for entry in found.values())
        yield {language: urls.issue_page(settings, language, slug) for language in found}, changed
    yield from _stories(settings, stories)


def _stories(settings: Settings, stories: Sequence[Told]) -> Iterator[tuple[dict[str, str], datetime | None]]:
    told: dict[int, list[Told]] = {}
    for story in stories:
        told.setdefault(story.story_id, []).append(story)
    for story_id in sorted(told, reverse=True):
        found = told[story_id]
        pages = {one.language: urls.story_page(settings, one.language, story_id, one.slug) for one in found}
        yield pages, max(one.updated_at for one in found)


def _add(root: etree._Element, page: str, pages: dict[str, str], changed: datetime | None) -> None:
    entry = etree.SubElement(root, f"{{{_SITEMAP}}}url")
    etree.SubElement(entry, f"{{{_SITEMAP}}}loc").text = page
    if changed is not None:
        etree.SubElement(entry, f"{{{_SITEMAP}}}lastmod").text = changed.isoformat(timespec="seconds")
    for language, url in pages.items() if len(pages) > 1 else ():
        attributes = {"rel": "alternate", "hreflang": language, "href": url}
        etree.SubElement(entry, f"{{{_XHTML}}}link", attributes)
