"""Past issues over HTTP: public from their release on, and kept by browsers until they change."""

import io
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from lxml import etree, html
from PIL import Image

from newsletter import words
from newsletter.config import Settings
from newsletter.web.context import Context
from tests.newsletter.archive import published, sample

NOV = datetime(2026, 11, 3, 2, tzinfo=UTC)
OCT = datetime(2026, 10, 6, 2, tzinfo=UTC)


@pytest.fixture
def shelf(context: Context) -> dict[int, str]:
    """Put three issues there: one in both languages, one in English, one that is not out; return their slugs."""
    published.picture(context.engine, NOV)
    issues: dict[int, dict[str, datetime | None]] = {
        1: {"en": OCT, "ja": None},
        2: {"en": NOV, "ja": NOV},
        3: {"en": None, "ja": None},
    }
    return {
        number: published.issue(
            context.engine, context.settings, context.publication_id, number=number, published=dates
        )
        for number, dates in issues.items()
    }


@pytest.mark.parametrize(("wish", "language"), [("ja,en;q=0.5", "ja"), ("fr", "en"), ("", "en")])
def test_the_front_door_leads_to_the_browsers_language(client: TestClient, wish: str, language: str) -> None:
    answer = client.get("/", headers={"accept-language": wish})

    assert answer.status_code == 302
    assert answer.headers["location"] == f"/{language}/"
    assert answer.headers["vary"] == "Accept-Language"


def test_the_index_lists_what_is_out_newest_first(client: TestClient, shelf: dict[int, str]) -> None:
    page = html.fromstring(client.get("/en/").text)

    links = [link.get("href") for link in page.findall(".//main//h3/a")]

    assert links == [f"/en/issues/{shelf[2]}/", f"/en/issues/{shelf[1]}/"]
    assert [time.text for time in page.findall(".//main//time")] == ["Tue 3 Nov 2026", "Tue 6 Oct 2026"]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_an_empty_index_says_that_something_will_come(client: TestClient, language: str) -> None:
    answer = client.get(f"/{language}/")

    assert answer.status_code == 200
    assert words.load("reader", language)("archive.empty_title") in answer.text


@pytest.mark.parametrize(
    "path", ["/en/issues/{3}/", "/ja/issues/{1}/", "/en/issues/2026-11-nothing/", "/fr/issues/{2}/", "/fr/", "/i/0"]
)
def test_what_is_not_public_is_not_found(client: TestClient, shelf: dict[int, str], path: str) -> None:
    assert client.get(path.format(*["", *shelf.values()])).status_code == 404


def test_an_issue_tells_other_sites_what_it_is(client: TestClient, shelf: dict[int, str], settings: Settings) -> None:
    page = html.fromstring(client.get(f"/ja/issues/{shelf[2]}/").text)

    meta = {tag.get("property"): tag.get("content") for tag in page.iter("meta") if tag.get("property")}

    base = settings.web.base_url
    assert meta == {
        "og:type": "article",
        "og:site_name": settings.publication.title["ja"],
        "og:url": f"{base}/ja/issues/{shelf[2]}/",
        "og:title": sample.TEXTS["ja"].subject,
        "og:description": sample.TEXTS["ja"].preheader,
        "og:image": meta["og:image"],
        "og:image:alt": sample.TEXTS["ja"].subject,
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "article:published_time": "2026-11-03T02:00:00+00:00",
    }
    card = client.get(meta["og:image"].removeprefix(base))
    assert Image.open(io.BytesIO(card.content)).size == (1200, 630)
    canonical = page.find(".//link[@rel='canonical']")
    assert canonical is not None
    assert canonical.get("href") == meta["og:url"]


@pytest.mark.parametrize(("number", "languages"), [(2, ["en", "ja"]), (1, ["en"])])
def test_only_published_languages_are_offered(
    client: TestClient, shelf: dict[int, str], number: int, languages: list[str]
) -> None:
    page = html.fromstring(client.get(f"/en/issues/{shelf[number]}/").text)

    alternates = [link.get("hreflang") for link in page.findall(".//link[@hreflang]")]

    assert alternates == [*languages, "x-default"]
    assert [link.get("hreflang") for link in page.find_class("switch")] == languages[1:]


@pytest.mark.parametrize("path", ["/en/", "/en/issues/{2}/", "/en/feed.xml", f"/i/{sample.PICTURE}"])
def test_a_browser_that_has_a_page_is_told_so(client: TestClient, shelf: dict[int, str], path: str) -> None:
    path = path.format(*["", *shelf.values()])
    first = client.get(path)

    again = client.get(path, headers={"if-none-match": f'"other", W/{first.headers["etag"]}'})
    changed = client.get(path, headers={"if-none-match": '"other"'})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert not first.headers["etag"].startswith("W/")
    assert first.headers["cache-control"].startswith("public, max-age=")
    assert changed.content == first.content


def test_a_picture_may_be_shown_by_mails_and_does_nothing_else(client: TestClient, shelf: dict[int, str]) -> None:
    assert shelf

    answer = client.get(f"/i/{sample.PICTURE}")

    assert answer.content == published.PIXEL
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["content-security-policy"].endswith("; sandbox")
    assert "immutable" in answer.headers["cache-control"]


def test_the_feed_holds_the_language_and_nothing_unpublished(client: TestClient, shelf: dict[int, str]) -> None:
    answer = client.get("/ja/feed.xml")

    feed = etree.fromstring(answer.content)
    links = [link.get("href") for link in feed.findall("{*}entry/{*}link")]
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert [str(link).removeprefix("http://127.0.0.1:8025") for link in links] == [f"/ja/issues/{shelf[2]}/"]


def test_the_poster_carries_the_code_and_the_address_in_words(client: TestClient) -> None:
    answer = client.get("/ja/poster")

    assert answer.status_code == 200
    assert "<svg" in answer.text
    assert "127.0.0.1:8025/ja/subscribe" in answer.text
