"""The Atom feed is what RFC 4287 says a feed is."""

from datetime import UTC, datetime

from lxml import etree

from newsletter.archive import feeds
from newsletter.archive.shelf import Entry
from newsletter.config import Settings

ATOM = "{http://www.w3.org/2005/Atom}"
SINCE = datetime(2026, 1, 5, tzinfo=UTC)
NOV, OCT = datetime(2026, 11, 3, 2, tzinfo=UTC), datetime(2026, 10, 6, 2, tzinfo=UTC)
ENTRIES = [
    Entry(2, "2026-11-b", "Fairs & food", "Yuzu <b>and</b> more", NOV, NOV),
    Entry(1, "2026-10-a", "The first", "", OCT, OCT),
]


def _feed(settings: Settings, entries: list[Entry], language: str = "en") -> etree._Element:
    return etree.fromstring(feeds.atom(settings, language, entries, since=SINCE))


def test_a_feed_has_an_id_a_title_a_time_an_author_and_a_link_to_itself(settings: Settings) -> None:
    feed = _feed(settings, ENTRIES, "ja")

    assert feed.findtext(f"{ATOM}id") == "tag:news.example.org,2026-01-05:ja"
    assert feed.findtext(f"{ATOM}title") == settings.publication.title["ja"]
    assert feed.findtext(f"{ATOM}updated") == "2026-11-03T02:00:00+00:00"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == settings.office.name["ja"]
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "ja"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {
        "self": f"{settings.web.base_url}/ja/feed.xml",
        "alternate": f"{settings.web.base_url}/ja/",
    }


def test_an_entry_keeps_its_id_wherever_it_stands(settings: Settings) -> None:
    web = settings.web.model_copy(update={"base_url": "https://news.example.org"})
    moved = settings.model_copy(update={"web": web})

    before, after = (
        [entry.findtext(f"{ATOM}id") for entry in _feed(each, ENTRIES).findall(f"{ATOM}entry")]
        for each in (settings, moved)
    )

    assert (
        before
        == after
        == [
            "tag:news.example.org,2026-11-03:en/issues/2026-11-b",
            "tag:news.example.org,2026-10-06:en/issues/2026-10-a",
        ]
    )


def test_a_summary_is_text_even_where_it_looks_like_markup(settings: Settings) -> None:
    entry = _feed(settings, ENTRIES).find(f"{ATOM}entry")

    assert entry is not None
    assert entry.findtext(f"{ATOM}title") == "Fairs & food"
    assert entry.findtext(f"{ATOM}summary") == "Yuzu &lt;b&gt;and&lt;/b&gt; more"
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == f"{settings.web.base_url}/en/issues/2026-11-b/"


def test_an_empty_feed_is_dated_by_the_publication_and_the_same_every_time(settings: Settings) -> None:
    feed = _feed(settings, [])

    assert feed.findtext(f"{ATOM}updated") == "2026-01-05T00:00:00+00:00"
    assert feeds.atom(settings, "en", [], since=SINCE) == feeds.atom(settings, "en", [], since=SINCE)
