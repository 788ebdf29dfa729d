"""An editor's own language and password."""

from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from newsletter import database, editors
from newsletter.models import Editor
from newsletter.web.context import Context
from tests.newsletter.web.editor.conftest import PASSWORD, Browser, text

NEW = "another long sentence"


@pytest.fixture
def mios_browser(client: TestClient, context: Context, engine: Engine, now: datetime) -> Browser:
    """Return the browser of an editor with a password."""
    with database.writing(engine) as session:
        mio = editors.create(session, email="mio@example.org", name="Mio", role="editor", password=PASSWORD, now=now)
    return Browser(client, context, mio)


def test_the_account_says_who_is_logged_in(browser: Browser) -> None:
    page = text(browser.get("/desk/account"))

    assert "Hana Mori" in page
    assert "Editor: prepares issues" in page


def test_the_whole_desk_changes_its_language_with_one_button(browser: Browser) -> None:
    answer = browser.post("/desk/account/language", language="ja", here="/desk/account")
    page = browser.get(answer.headers["location"])

    assert answer.headers["location"] == "/desk/account"
    assert '<html lang="ja">' in page.text
    assert "パスワードの変更" in text(page)


def test_a_language_that_the_desk_does_not_speak_is_refused(browser: Browser) -> None:
    assert browser.post("/desk/account/language", language="tlh").status_code == 404
    assert '<html lang="en">' in browser.get("/desk/account").text


def test_a_new_password_shuts_out_every_other_browser(
    mios_browser: Browser, client: TestClient, context: Context, engine: Engine
) -> None:
    with database.reading(engine) as session:
        thief = Browser(client, context, editors.by_email(session, "mio@example.org"))

    answer = mios_browser.post("/desk/account/password", old=PASSWORD, password=NEW)
    mios_browser.cookies["desk"] = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]

    assert answer.headers["location"] == "/desk/account?done=password"
    assert thief.get("/desk/issues").status_code == 303
    assert "Your password is changed." in text(mios_browser.get("/desk/account?done=password"))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("a wrong password", NEW, "not your present password"),
        (PASSWORD, "short", "too short"),
        (PASSWORD, "mio@example.org", "easy to guess"),
    ],
)
def test_a_password_that_cannot_be_changed_stays(
    mios_browser: Browser, engine: Engine, old: str, new: str, sentence: str
) -> None:
    answer = mios_browser.post("/desk/account/password", old=old, password=new)

    assert answer.status_code == 422
    assert sentence in text(answer)
    with database.reading(engine) as session:
        assert editors.authenticate(session, email="mio@example.org", password=PASSWORD) is not None


def test_a_name_is_shown_as_text_and_never_as_markup(client: TestClient, context: Context, now: datetime) -> None:
    with database.writing(context.engine) as session:
        nasty: Editor = Editor(
            email="x@example.org", name='<img src=x onerror="alert(1)">', role="editor", created_at=now
        )
        session.add(nasty)

    page = Browser(client, context, nasty).get("/desk/account").text

    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_an_unknown_outcome_in_the_address_says_nothing(browser: Browser) -> None:
    page = browser.get("/desk/account?done=<script>alert(1)</script>")

    assert page.status_code == 200
    assert "alert(1)" not in page.text.replace("&lt;", "<").partition("<main")[2]
