"""The application as a whole: which requests it answers, and with which files."""

import pytest
from fastapi.testclient import TestClient

from newsletter.config import Settings


@pytest.mark.parametrize(
    "path", ["/", "/en/", "/en/feed.xml", "/en/subscribe", "/static/theme.css", "/static/reader.css"]
)
def test_head_is_answered_wherever_get_is(client: TestClient, path: str) -> None:
    head, get = client.head(path), client.get(path)

    assert head.status_code == get.status_code
    assert head.headers == get.headers
    assert head.content == b""


@pytest.mark.parametrize(
    "path", ["/docs", "/redoc", "/openapi.json", "/static/", "/static/../app.py", "/static/%2e%2e/app.py"]
)
def test_nothing_is_served_that_is_no_page(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_method_that_no_page_takes_is_a_calm_page(client: TestClient) -> None:
    answer = client.delete("/en/subscribe")

    assert answer.status_code == 405
    assert "<h1>" in answer.text


def test_the_offices_colours_are_served(client: TestClient, settings: Settings) -> None:
    answer = client.get("/static/theme.css")

    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert f"--fairs: {settings.look.light.fairs};" in answer.text
    assert f"--fairs: {settings.look.dark.fairs};" in answer.text


@pytest.mark.parametrize("name", ["theme.css", "reader.css", "icon.svg"])
def test_a_static_file_may_be_kept_for_ever_only_under_its_version(client: TestClient, name: str) -> None:
    page = client.get("/en/").text
    versioned = page[page.index(f"/static/{name}?v=") :].split('"')[0]

    assert "immutable" in client.get(versioned).headers["cache-control"]
    assert client.get(f"/static/{name}").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/ja", "/ja/issues/2026-11-abc"])
def test_an_address_without_its_last_stroke_leads_on(client: TestClient, path: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.headers["location"]) == (308, f"{path}/")
