"""Logging in, staying in, getting out."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine, select

from newsletter import database, editors
from newsletter.models import Editor, EditorSession
from newsletter.web import app as web_app
from newsletter.web.context import Context
from newsletter.web.editor.login import FAILURES, WINDOW_MINUTES
from tests.newsletter.web.editor.conftest import ORIGIN, PASSWORD, Browser, text


@pytest.fixture
def mio(engine: Engine, now: datetime) -> Editor:
    """Return an editor with a password."""
    with database.writing(engine) as session:
        return editors.create(session, email="mio@example.org", name="Mio", role="editor", password=PASSWORD, now=now)


def _log_in(client: TestClient, password: str = PASSWORD, **fields: str) -> Response:
    data = {"email": "Mio@example.org", "password": password} | fields
    return client.post("/desk/login", data=data, headers={"origin": ORIGIN})


@pytest.mark.usefixtures("mio")
def test_address_and_password_open_the_desk(client: TestClient) -> None:
    answer = _log_in(client)

    assert answer.status_code == 303
    assert answer.headers["location"] == "/desk/issues"
    assert client.get("/desk/issues").status_code == 200


@pytest.mark.usefixtures("mio")
def test_the_cookie_is_for_this_desk_only_and_out_of_reach_of_scripts(client: TestClient) -> None:
    cookie = _log_in(client).headers["set-cookie"].lower()

    assert cookie.startswith("desk=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/desk" in cookie
    assert "domain" not in cookie


@pytest.mark.usefixtures("mio")
def test_over_https_the_cookie_is_bound_to_the_host(context: Context) -> None:
    web = context.settings.web.model_copy(update={"base_url": "https://news.example.org"})
    secure = replace(context, settings=context.settings.model_copy(update={"web": web}))
    client = TestClient(web_app.create(secure), base_url="https://news.example.org", follow_redirects=False)

    data = {"email": "mio@example.org", "password": PASSWORD}
    cookie = client.post("/desk/login", data=data, headers={"origin": "https://news.example.org"}).headers["set-cookie"]

    assert cookie.startswith("__Host-desk=")
    assert "; Secure" in cookie
    assert "Path=/;" in cookie
    assert "domain" not in cookie.lower()


@pytest.mark.usefixtures("mio")
def test_a_wrong_password_and_an_unknown_address_look_the_same(client: TestClient) -> None:
    wrong = _log_in(client, "not the password")
    unknown = client.post("/desk/login", data={"email": "Mio@example.org", "password": "x"}, headers={"origin": ORIGIN})
    stranger = _log_in(client, email="who@example.org")

    assert wrong.status_code == unknown.status_code == stranger.status_code == 422
    assert wrong.text == unknown.text == stranger.text.replace("who@example.org", "Mio@example.org")
    assert "set-cookie" not in wrong.headers


@pytest.mark.usefixtures("mio")
def test_guessing_one_persons_password_ends_soon_and_locks_nobody_else_out(client: TestClient) -> None:
    for _ in range(FAILURES):
        assert _log_in(client, "a wrong guess").status_code == 422

    tired = _log_in(client)
    other = _log_in(client, email="ken@example.org")

    assert tired.status_code == 429
    assert f"{WINDOW_MINUTES} minutes" in text(tired)
    assert other.status_code == 422


@pytest.mark.usefixtures("mio")
def test_a_new_log_in_ends_the_old_one_and_takes_no_token_from_outside(client: TestClient, context: Context) -> None:
    tokens = ["chosen-by-an-attacker"]
    for _ in range(2):
        data = {"email": "mio@example.org", "password": PASSWORD}
        answer = client.post("/desk/login", data=data, headers={"origin": ORIGIN, "cookie": f"desk={tokens[-1]}"})
        tokens.append(answer.headers["set-cookie"].partition("=")[2].partition(";")[0])
        client.cookies.clear()

    assert len(set(tokens)) == 3
    with database.reading(context.engine) as session:
        kept = session.scalars(select(EditorSession.token_hash)).all()
    assert kept == [editors.token_hash(tokens[-1])]


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/desk/issues/3/progress", "/desk/issues/3/progress"),
        ("https://evil.example/", "/desk/issues"),
        ("//evil.example/desk/", "/desk/issues"),
        ("/desk//evil.example", "/desk/issues"),
        ("/desk/\\evil.example", "/desk/issues"),
        ("/desk/\r\nset-cookie: a=b", "/desk/issues"),
        ("/en/", "/desk/issues"),
        ("", "/desk/issues"),
    ],
)
@pytest.mark.usefixtures("mio")
def test_a_log_in_leads_back_to_the_desk_and_nowhere_else(client: TestClient, asked: str, led_to: str) -> None:
    assert _log_in(client, next=asked).headers["location"] == led_to


@pytest.mark.usefixtures("mio")
def test_a_page_that_needs_a_log_in_is_remembered(client: TestClient) -> None:
    sent_away = client.get("/desk/issues/7/progress")
    form = client.get(sent_away.headers["location"])

    assert sent_away.headers["location"] == "/desk/login?next=%2Fdesk%2Fissues%2F7%2Fprogress"
    assert 'name="next" value="/desk/issues/7/progress"' in form.text


@pytest.mark.usefixtures("mio")
def test_another_site_cannot_log_somebody_in(client: TestClient) -> None:
    data = {"email": "mio@example.org", "password": PASSWORD}

    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}, {}):
        answer = client.post("/desk/login", data=data, headers=headers)

        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


def test_a_log_out_ends_the_session_on_the_server(browser: Browser) -> None:
    answer = browser.post("/desk/logout")

    assert answer.status_code == 303
    assert 'desk=""' in answer.headers["set-cookie"]
    assert browser.get("/desk/issues").headers["location"].startswith("/desk/login")


def test_a_session_that_is_over_asks_for_the_password_again(context: Context, hana: Editor) -> None:
    late = replace(context, now=lambda: context.now() + editors.SESSION_LASTS + timedelta(seconds=1))
    client = TestClient(web_app.create(late), base_url=ORIGIN, follow_redirects=False)
    browser = Browser(client, context, hana)

    assert browser.get("/desk/issues").status_code == 303


def test_a_form_is_taken_only_from_our_own_page(browser: Browser, context: Context) -> None:
    ours = {"origin": ORIGIN}
    forged = [
        browser.forge("/desk/logout", ours),
        browser.forge("/desk/logout", ours, csrf=""),
        browser.forge("/desk/logout", ours, csrf="0" * 64),
        browser.forge("/desk/logout", ours, csrf=browser.token),
        browser.forge("/desk/logout", {"origin": "https://evil.example"}, csrf=browser.csrf),
        browser.forge("/desk/logout", {"origin": "null"}, csrf=browser.csrf),
        browser.forge("/desk/logout", {}, csrf=browser.csrf),
        browser.forge("/desk/logout", ours | {"sec-fetch-site": "cross-site"}, csrf=browser.csrf),
        browser.forge("/desk/logout", {"origin": "http://127.0.0.1:9999"}, csrf=browser.csrf),
    ]

    assert [answer.status_code for answer in forged] == [403] * len(forged)
    assert "This form is too old" in text(forged[0])
    with database.reading(context.engine) as session:
        assert editors.find_session(session, browser.token, now=context.now()) is not None


def test_a_form_sent_as_plain_text_is_not_taken(browser: Browser, client: TestClient) -> None:
    answer = client.post(
        "/desk/logout",
        content=f"csrf={browser.csrf}",
        headers={"cookie": f"desk={browser.token}", "origin": ORIGIN, "content-type": "text/plain"},
    )

    assert answer.status_code == 403


def test_one_sessions_form_token_does_not_serve_another(browser: Browser, kens_browser: Browser) -> None:
    answer = browser.forge("/desk/logout", {"origin": ORIGIN}, csrf=kens_browser.csrf)

    assert answer.status_code == 403


def test_the_desk_may_be_reached_by_another_name_of_its_machine(browser: Browser) -> None:
    headers = {"origin": "http://192.0.2.7:8025", "host": "192.0.2.7:8025"}

    assert browser.forge("/desk/logout", headers, csrf=browser.csrf).status_code == 303


def test_no_page_of_the_desk_is_kept_by_a_browser_or_framed(browser: Browser) -> None:
    answer = browser.get("/desk/issues")

    assert answer.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["referrer-policy"] == "same-origin"
