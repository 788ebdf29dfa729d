"""An approver decides on a telephone, by the link in the letter."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, update

from newsletter import database, editors, issues, passwords
from newsletter.approvals import mailing
from newsletter.config import Settings
from newsletter.keys import Keys
from newsletter.models import Editor
from newsletter.web import app as web_app
from newsletter.web.context import Context
from tests.browser.serving import serving
from tests.newsletter import newsroom
from tests.newsletter.approvals import chain_office
from tests.newsletter.newsroom import Office

pytestmark = pytest.mark.browser

PASSWORD = "seven fairs in spring"


@dataclass(frozen=True)
class Desk:
    """A served office with a chain, and the link in the head's letter."""

    url: str
    office: Office
    issue_id: int
    link: str


@pytest.fixture
def desk(engine: Engine, settings: Settings, keys: Keys, now: datetime) -> Iterator[Desk]:
    office = chain_office.open_office(engine, settings, now)
    context = Context(office.settings, keys, engine, office.publication_id, now=lambda: now)
    app = web_app.create(context)
    with serving(app) as url:
        web = office.settings.web.model_copy(update={"base_url": url})
        office = replace(office, settings=office.settings.model_copy(update={"web": web}))
        app.state.context = replace(context, settings=office.settings)
        with database.writing(engine) as session:
            head = update(Editor).where(Editor.email == "head@example.org")
            session.execute(head.values(language="ja", name="佐藤 美咲", password_hash=passwords.hashed(PASSWORD)))
            issue = newsroom.draft(session, office)
            newsroom.ask(session, office, issue)
            issue_id = issue.id
        with database.reading(engine) as session:
            (asking,) = mailing.due(session, office.settings, now=now)
        with database.writing(engine) as session:
            assert mailing.send(session, office.settings, asking, now=now)
        yield Desk(url, office, issue_id, f"{url}/desk/decide/{asking.token}")


def _look(page: Page, path: str, scheme: Any, width: int) -> None:
    """Open a page and find nothing wrong with it: no violation, nothing wider than the screen."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 812})
    page.goto(path)
    found = Axe().run(page, options={"iframes": False})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_approver_looks_and_decides_on_a_phone(desk: Desk, page: Page) -> None:
    _look(page, f"{desk.link}?lang=en", "light", 1200)
    _look(page, desk.link, "dark", 375)
    expect(page.frame_locator("iframe").first.get_by_role("heading", name="FITフェア")).to_be_visible()

    page.get_by_label("佐藤 美咲さんのパスワード").first.fill(PASSWORD)
    page.get_by_role("button", name="第1号を承認する").click()

    expect(page.get_by_role("status")).to_contain_text("承認済みです")
    with database.reading(desk.office.engine) as session:
        assert issues.get(session, desk.issue_id).state == "asked"  # the director's turn
    with database.writing(desk.office.engine) as session:
        director = session.query(Editor).filter(Editor.email == "director@example.org").one()
        token = editors.open_session(session, director, now=desk.office.now)
    page.context.add_cookies([{"name": "desk", "value": token, "url": f"{desk.url}/desk/"}])
    for path in (f"/desk/issues/{desk.issue_id}", f"/desk/issues/{desk.issue_id}/record", "/desk/absences"):
        _look(page, desk.url + path, "light", 375)
