"""Stories, topics, the calendar, the search and what engines ask for, over HTTP."""

import json
from datetime import UTC, datetime
from typing import Any

import feedparser  # type: ignore[import-untyped] # the library has no types
import icalendar
import pytest
from fastapi.testclient import TestClient
from lxml import etree, html

from newsletter import archive, database
from newsletter.models import Issue, PageViews
from newsletter.web.app import create
from newsletter.web.context import Context
from newsletter.web.pagecache import CHECK_SECONDS
from tests.newsletter.archive import published, sample
from tests.newsletter.web.public.conftest import Clock

NOV = datetime(2026, 11, 3, 2, tzinfo=UTC)
FAIR = "/en/stories/1-fit-fair-in-bangkok/"


@pytest.fixture
def out(context: Context) -> str:
    """Publish the sample issue; return its slug."""
    published.picture(context.engine, NOV)
    return published.issue(
        context.engine, context.settings, context.publication_id, number=12, published={"en": NOV, "ja": NOV}
    )


def _data(page: html.HtmlElement) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(page.findtext(".//script[@type='application/ld+json']") or "")
    return found


def _restart(client: TestClient) -> None:
    """Empty the memory for pages, as CHECK_SECONDS do where the archive has changed."""
    client.app.middleware_stack = None  # type: ignore[attr-defined] # it is a FastAPI


def _cancel(context: Context, slug: str) -> None:
    with database.writing(context.engine) as session:
        issue = session.query(Issue).filter_by(slug=slug).one()
        published.revise(session, issue, 1, sample.FAIR.model_copy(update={"status": "cancelled"}), NOV)
        archive.publish(session, context.settings, issue, "en", now=context.now())


def test_a_fair_has_a_page_that_tells_engines_when_and_where(client: TestClient, out: str) -> None:
    page = html.fromstring(client.get(FAIR).text)

    data = _data(page)
    assert page.findtext(".//h1") == "FIT Fair in Bangkok"
    assert data["@type"] == "Event"
    assert (data["startDate"], data["endDate"]) == ("2026-11-13", "2026-11-15")
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert data["location"]["address"]["addressCountry"] == "TH"
    assert f"/en/issues/{out}/" in {link.get("href") for link in page.iter("a")}
    languages = [link.get("hreflang") for link in page.findall(".//link[@hreflang]")]
    assert languages == ["en", "ja", "x-default"]


def test_everything_but_a_fair_is_an_article(client: TestClient, out: str) -> None:
    assert out
    food = client.get("/ja/stories/3", follow_redirects=True)

    data = _data(html.fromstring(food.text))

    assert data["@type"] == "NewsArticle"
    assert data["inLanguage"] == "ja"
    assert data["image"] == [f"http://127.0.0.1:8025/i/{sample.PICTURE}"]


def test_an_old_or_short_address_leads_to_the_story(client: TestClient, out: str) -> None:
    assert out
    for path in (
        "/en/stories/1/",
        "/en/stories/1-an-older-title/",
        "/en/stories/1-fit-fair-in-bangkok",
        "/en/stories/1",
    ):
        answer = client.get(path)

        assert (answer.status_code, answer.headers["location"]) == (308, FAIR), path


@pytest.mark.parametrize(
    "path",
    [
        *("/en/stories/99/", "/en/stories/x/", "/fr/stories/1/", "/en/stories/99.ics", "/en/stories/6.ics"),
        *("/en/topics/none/", "/en/topics/fairs/1999/", "/en/topics/none/feed.xml", "/en/topics/none/calendar.ics"),
        "/en/stories/9999999999999999999999/",
    ],
)
def test_what_is_not_public_is_not_found(client: TestClient, out: str, path: str) -> None:
    assert out
    assert client.get(path).status_code in {404, 422}


def test_the_page_the_calendar_and_the_feed_follow_a_cancelled_fair(
    client: TestClient, context: Context, out: str
) -> None:
    before = client.get(FAIR)
    _cancel(context, out)
    _restart(client)
    page = html.fromstring(client.get(FAIR).text)

    (event,) = icalendar.Calendar.from_ical(client.get("/en/stories/1.ics").content).walk("VEVENT")
    feed = feedparser.parse(client.get("/en/topics/fairs/feed.xml").content)
    assert "Cancelled" not in before.text
    assert page.find_class("banner")[0].text_content().split() == [
        "Cancelled",
        "This",
        "fair",
        "has",
        "been",
        "cancelled.",
    ]
    assert _data(page)["eventStatus"].endswith("EventCancelled")
    assert "/en/stories/1.ics" not in {link.get("href") for link in page.iter("a")}
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 2)
    assert next(entry for entry in feed.entries if entry.link.endswith(FAIR)).title == "Cancelled: FIT Fair in Bangkok"


def test_a_fair_that_is_over_says_so(client: TestClient, clock: Clock, out: str) -> None:
    assert out
    clock.now = datetime(2026, 11, 15, 15, 30, tzinfo=UTC)  # half past eleven at night on its last day
    before = client.get(FAIR).text
    clock.wait(hours=1)
    _restart(client)

    assert "This fair is over." not in before
    assert "This fair is over." in client.get(FAIR).text


def test_data_for_engines_cannot_end_its_element(client: TestClient, context: Context) -> None:
    attack = "</script><script>alert(1)</script><!--"
    text = sample.FAIR.texts["en"].model_copy(update={"title": attack, "organiser": attack})
    story = sample.FAIR.model_copy(update={"texts": {"en": text}})
    published.issue(
        context.engine, context.settings, context.publication_id, number=1, published={"en": NOV}, stories=[story]
    )

    answer = client.get("/en/stories/1", follow_redirects=True)

    page = html.fromstring(answer.text)
    assert [script.get("type") for script in page.iter("script")] == ["application/ld+json"]
    assert _data(page)["name"] == attack
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_topic_lists_its_stories_and_feeds_them(client: TestClient, context: Context, out: str) -> None:
    assert out
    page = html.fromstring(client.get("/ja/topics/food/").text)
    feed = feedparser.parse(client.get("/ja/topics/food/feed.xml").content)

    titles = [title.text_content() for title in page.findall(".//main//ul[@class='shelf']//h2")]
    assert titles == [sample.FOOD.texts["ja"].title]
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == titles
    assert feed.feed.title.startswith(context.settings.publication.title["ja"])
    assert client.get("/ja/topics/food/2026/").status_code == 200


def test_the_calendar_shows_what_is_to_come_and_can_be_subscribed_to(
    client: TestClient, clock: Clock, out: str
) -> None:
    assert out
    clock.now = NOV
    page = html.fromstring(client.get("/en/calendar/").text)
    calendar = icalendar.Calendar.from_ical(client.get("/en/calendar.ics").content)

    titles = [link.text for link in page.findall(".//main//h3/a")]
    assert titles == [sample.FAIR.texts["en"].title, sample.POSTPONED.texts["en"].title]
    assert [
        str(event["SUMMARY"]).partition(": ")[2] or str(event["SUMMARY"]) for event in calendar.walk("VEVENT")
    ] == titles
    assert "webcal://127.0.0.1:8025/en/calendar.ics" in {link.get("href") for link in page.iter("a")}
    assert client.get("/en/topics/food/calendar.ics").text.count("BEGIN:VEVENT") == 0


def test_the_search_page_finds_pages_on_and_says_when_there_is_nothing(client: TestClient, out: str) -> None:
    assert out
    found = html.fromstring(client.get("/ja/search", params={"q": "バンコク"}).text)
    nothing = client.get("/en/search", params={"q": "<b>nothing"})
    empty = client.get("/en/search")

    assert [title.text_content() for title in found.findall(".//main//ol//h2")][-1] == sample.FAIR.texts["ja"].title
    assert found.find(".//input[@name='q']").get("value") == "バンコク"
    assert "Nothing was found" in nothing.text
    assert "<b>nothing" not in nothing.text
    assert html.fromstring(nothing.text).find(".//main//section//a").get("href") == "/ja/search?q=%3Cb%3Enothing"
    assert empty.status_code == 200
    assert 'content="noindex"' in empty.text


def test_engines_find_every_page_in_every_language_and_nothing_private(client: TestClient, out: str) -> None:
    tree = etree.fromstring(client.get("/sitemap.xml").content)
    robots = client.get("/robots.txt").text

    places = [str(place.text).removeprefix("http://127.0.0.1:8025") for place in tree.findall("{*}url/{*}loc")]
    assert {f"/en/issues/{out}/", f"/ja/issues/{out}/", FAIR, "/ja/", "/en/topics/food/"} <= set(places)
    assert len(places) == len(set(places))
    for path in places:
        assert client.get(path).status_code == 200, path
    assert "Disallow: /desk/" in robots
    assert "Sitemap: http://127.0.0.1:8025/sitemap.xml" in robots


def test_a_note_of_correction_stands_above_the_page_and_in_the_feed(
    client: TestClient, context: Context, out: str
) -> None:
    with database.writing(context.engine) as session:
        issue = session.query(Issue).filter_by(slug=out).one()
        archive.note(session, issue, "en", "The hall is <3>.", now=NOV)
        archive.publish(session, context.settings, issue, "en", now=context.now())

    page = html.fromstring(client.get(f"/en/issues/{out}/").text)
    (entry,) = feedparser.parse(client.get("/en/feed.xml").content).entries

    assert "The hall is <3>." in page.find_class("notes")[0].text_content()
    assert entry.updated != entry.published
    assert "[Corrected] The hall is" in entry.summary


def test_views_are_counted_for_people_and_not_for_programs(context: Context, out: str) -> None:
    path = f"/en/issues/{out}/"
    with TestClient(create(context)) as client:
        for headers in ({}, {"if-none-match": client.get(path, headers={"user-agent": "Examplebot"}).headers["etag"]}):
            client.get(path, headers={"user-agent": "Mozilla/5.0 (X11)", **headers})
        client.get(path, headers={"user-agent": "Mozilla/5.0", "sec-purpose": "prefetch"})
        client.head(path, headers={"user-agent": "Mozilla/5.0"})
        client.get("/en/feed.xml", headers={"user-agent": "Mozilla/5.0"})
        answer = client.get("/en/issues/none/", headers={"user-agent": "Mozilla/5.0"})

    with database.reading(context.engine) as session:
        counted = {row.path: row.count for row in session.query(PageViews)}
    assert counted == {path: 2}
    assert "set-cookie" not in answer.headers


def test_a_page_is_new_within_a_moment_of_its_release(context: Context, client: TestClient) -> None:
    assert CHECK_SECONDS < 1
    assert "first issue is being written" in client.get("/en/").text
    published.issue(context.engine, context.settings, context.publication_id, number=1, published={"en": NOV})
    _restart(client)

    assert sample.TEXTS["en"].subject in client.get("/en/").text
