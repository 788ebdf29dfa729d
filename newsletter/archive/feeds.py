"""The Atom feeds (RFC 4287): the issues of a language, and the stories of a topic."""

import html
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import StringIO
from typing import Any

from feedgenerator import Atom1Feed

from newsletter import urls, words
from newsletter.archive.shelf import Entry
from newsletter.archive.stories import Told
from newsletter.config import Settings

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
LENGTH = 20
"""Entries in a feed; older ones stand on the pages."""


class _Feed(Atom1Feed):  # type: ignore[misc] # the library has no types
    """A feed that dates an empty shelf by the publication, where the library would say now."""

    def latest_post_date(self) -> datetime:
        """Return the newest change; RFC 4287 4.2.15 demands one of every feed."""
        newest: datetime = max((item["updateddate"] for item in self.items), default=self.feed["since"])
        return newest


def atom(settings: Settings, language: str, entries: Sequence[Entry], *, since: datetime) -> bytes:
    """Return the feed of `entries` as XML; `since` is when the publication was set up.

    After a correction an entry keeps its id, is dated by the change, and begins with what was put right.
    """
    publication = settings.publication
    say = words.load("reader", language)
    items = (
        {
            "title": entry.title,
            "link": urls.issue_page(settings, language, entry.slug),
            "description": " ".join(
                [*(say("note.line", said=note) for note in entry.notes), *filter(None, [entry.description])]
            ),
            "unique_id": _tag(publication.list_id, entry.published_at, f"{language}/issues/{entry.slug}"),
            "pubdate": entry.published_at,
            "updateddate": entry.changed_at,
        }
        for entry in entries
    )
    addresses = urls.home(settings, language), urls.feed(settings, language)
    return _written(settings, language, publication.title[language], addresses, items, since=since, specific=language)


def of_topic(settings: Settings, language: str, topic: str, stories: Sequence[Told], *, since: datetime) -> bytes:
    """Return the feed of a topic's stories; a fair that is off says so in its title."""
    publication = settings.publication
    say = words.load("mail", language)
    items = (
        {
            "title": story.title
            if story.takes_place
            else f"{say(f'status.{story.status}')}{say('colon')}{story.title}",
            "link": urls.story_page(settings, language, story.story_id, story.slug),
            "description": story.summary,
            "unique_id": _tag(publication.list_id, story.published_at, f"{language}/stories/{story.story_id}"),
            "pubdate": story.published_at,
            "updateddate": story.updated_at,
        }
        for story in stories
    )
    addresses = urls.topic(settings, language, topic), urls.topic_feed(settings, language, topic)
    title = f"{publication.title[language]}{say('colon')}{publication.topic(topic).title[language]}"
    return _written(settings, language, title, addresses, items, since=since, specific=f"{language}/topics/{topic}")


def _written(
    settings: Settings,
    language: str,
    title: str,
    addresses: tuple[str, str],
    items: Iterable[dict[str, Any]],
    *,
    since: datetime,
    specific: str,
) -> bytes:
    publication = settings.publication
    feed = _Feed(
        title=title,
        link=addresses[0],
        description=publication.tagline[language],
        language=language,
        author_name=settings.office.name.get(language, ""),
        feed_url=addresses[1],
        feed_guid=_tag(publication.list_id, since, specific),
        since=since,
    )
    for item in items:
        feed.add_item(**{**item, "description": html.escape(item["description"])})  # the summary is of type html
    written = StringIO()
    feed.write(written, "utf-8")
    return written.getvalue().encode()


def _tag(authority: str, day: datetime, specific: str) -> str:
    """Return an id that stays when pages move to another host (RFC 4151)."""
    return f"tag:{authority},{day:%Y-%m-%d}:{specific}"
