"""What holds for every page of the desk, those of tomorrow included."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from newsletter.web.editor import routers
from newsletter.web.editor.links import DeskLinks
from newsletter.web.editor.route import DeskRoute
from tests.newsletter.newsroom import Office
from tests.newsletter.web.editor.conftest import ORIGIN, Browser, text

OPEN = ("/desk/login", "/desk/setup")
"""For people who are not logged in."""
MAILED = ("/desk/decide/", "/desk/hold/")
"""Behind links that only a letter tells; tests of their own say what they ask for."""


def _paths(method: str, number: str = "1") -> list[str]:
    """Return an address of every route of the desk that takes `method`."""
    routes = [route for router in routers for route in router.routes if isinstance(route, DeskRoute)]
    filled = [re.sub(r"\{[^}]*\}", number, route.path) for route in routes if method in (route.methods or ())]
    return [path for path in filled if path not in OPEN and not path.startswith(MAILED)]


def test_every_route_of_the_desk_answers_as_the_desk() -> None:
    every = [route for router in routers for route in router.routes]

    assert len(every) > 20
    assert all(isinstance(route, DeskRoute) for route in every)


@pytest.mark.usefixtures("office")
def test_no_page_is_shown_without_a_log_in(client: TestClient) -> None:
    for path in _paths("GET"):
        answer = client.get(path)

        assert (path, answer.status_code) == (path, 303)
        assert answer.headers["location"].startswith("/desk/login")


@pytest.mark.usefixtures("office")
def test_no_form_is_taken_without_a_log_in(client: TestClient) -> None:
    for path in _paths("POST"):
        answer = client.post(path, headers={"origin": ORIGIN})

        assert (path, answer.status_code) == (path, 303)
        assert answer.headers["location"] == "/desk/login"


@pytest.mark.usefixtures("office")
def test_a_number_that_no_row_can_have_is_not_found(browser: Browser) -> None:
    for path in (path for path in _paths("GET", "9" * 20) if "999" in path):
        assert (path, browser.get(path).status_code) == (path, 404)


@pytest.mark.usefixtures("office")
def test_no_form_is_taken_that_is_not_ours(browser: Browser) -> None:
    assert len(_paths("POST")) > 10
    for path in _paths("POST"):
        blind = browser.forge(path, {"origin": ORIGIN})
        foreign = browser.forge(path, {"origin": "https://evil.example"}, csrf=browser.csrf)

        assert (path, blind.status_code, foreign.status_code) == (path, 403, 403)


def test_no_page_is_kept_by_a_browser(browser: Browser, office: Office) -> None:
    assert office
    for path in _paths("GET"):
        assert browser.get(path).headers["cache-control"] == "no-store", path


def test_an_error_is_a_page_of_the_desk_in_the_editors_language(kens_browser: Browser) -> None:
    missing = kens_browser.get("/desk/issues/999")

    assert missing.status_code == 404
    assert '<html lang="ja">' in missing.text
    assert "お探しのページはありません" in text(missing)
    assert "desk.css" in missing.text


def test_the_application_serves_every_router_of_the_desk(app: FastAPI, browser: Browser) -> None:
    assert app.state.attempts.allowed("x@example.org", "192.0.2.0/24")
    assert browser.get("/desk/issues").status_code == 200
    assert browser.get("/desk").headers["location"] == "/desk/issues"


def test_addresses_of_a_desk_below_a_folder_keep_the_folder(office: Office) -> None:
    web = office.settings.web.model_copy(update={"base_url": "https://www.example.org/news"})
    links = DeskLinks(office.settings.model_copy(update={"web": web}))

    assert links.issue(3, "posts", done="posted") == "/news/desk/issues/3/posts?done=posted"
    assert links.own("/news/desk/issues/3") == "/news/desk/issues/3"
    assert links.own("/desk/issues/3") == "/news/desk/issues"
