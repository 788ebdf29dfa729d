"""The Atom feed of a language (RFC 4287)."""

import html
from collections.abc import Sequence
from datetime import datetime
from io import StringIO

from feedgenerator import Atom1Feed

from newsletter import urls
from newsletter.archive.shelf import Entry
from newsletter.config import Settings

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
LENGTH = 20
"""Issues in a feed; older ones stand on the index."""


class _Feed(Atom1Feed):  # type: ignore[misc] # the library has no types
    """A feed that dates an empty shelf by the publication, where the library would say now."""

    def latest_post_date(self) -> datetime:
        """Return the newest issue's time; RFC 4287 4.2.15 demands one of every feed."""
        newest: datetime = max((item["updateddate"] for item in self.items), default=self.feed["since"])
        return newest


def atom(settings: Settings, language: str, entries: Sequence[Entry], *, since: datetime) -> bytes:
    """Return the feed of `entries` as XML; `since` is when the publication was set up."""
    publication = settings.publication
    feed = _Feed(
        title=publication.title[language],
        link=urls.home(settings, language),
        description=publication.tagline[language],
        language=language,
        author_name=settings.office.name.get(language, ""),
        feed_url=urls.feed(settings, language),
        feed_guid=_tag(publication.list_id, since, language),
        since=since,
    )
    for entry in entries:
        feed.add_item(
            title=entry.title,
            link=urls.issue_page(settings, language, entry.slug),
            description=html.escape(entry.description),  # the summary is of type html
            unique_id=_tag(publication.list_id, entry.published_at, f"{language}/issues/{entry.slug}"),
            pubdate=entry.published_at,
            updateddate=entry.published_at,
        )
    written = StringIO()
    feed.write(written, "utf-8")
    return written.getvalue().encode()


def _tag(authority: str, day: datetime, specific: str) -> str:
    """Return an id that stays when pages move to another host (RFC 4151)."""
    return f"tag:{authority},{day:%Y-%m-%d}:{specific}"
