"""An issue is written in a real browser: by keyboard, without script, by two editors at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from newsletter import database, editors, issues
from newsletter.config import Settings
from newsletter.content import IssueContent
from newsletter.keys import Keys
from newsletter.models import Editor
from newsletter.web import app as web_app
from newsletter.web.context import Context
from tests.browser.serving import serving
from tests.newsletter import newsroom
from tests.newsletter.newsroom import Office

pytestmark = pytest.mark.browser

Keep = Callable[[Page, str], None]


@dataclass(frozen=True)
class Desk:
    """A running desk with one draft, and the log-ins of its editors."""

    url: str
    office: Office
    tokens: dict[str, str]
    path: str

    def saved(self) -> IssueContent:
        """Return what the draft says now."""
        with database.reading(self.office.engine) as session:
            return issues.content(session, issues.get(session, 1))


@pytest.fixture
def desk(engine: Engine, settings: Settings, keys: Keys, publication_id: int, now: datetime) -> Iterator[Desk]:
    office = newsroom.open_office(engine, settings, now)
    with database.writing(engine) as session:
        newsroom.draft(session, office, (newsroom.FAIR, newsroom.FAIR, newsroom.NOTICE))
        people = {one.name: one for one in session.query(Editor)}
        people["approver"].language = "ja"
        tokens = {name: editors.open_session(session, one, now=now) for name, one in people.items()}
    with serving(web_app.create(Context(settings, keys, engine, publication_id, now=lambda: now))) as url:
        yield Desk(url, office, tokens, "/desk/issues/1/compose")


def _log_in(browser: Browser, desk: Desk, name: str, *, width: int = 1200, scheme: str = "light") -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type] # light or dark
    )
    context.add_cookies([{"name": "desk", "value": desk.tokens[name], "url": f"{desk.url}/desk/"}])
    page = context.new_page()
    page.goto(desk.url + desk.path)
    return page


def _stands(page: Page) -> None:
    """Fail where a page has a fault that axe finds, or scrolls sideways."""
    assert Axe().run(page).response["violations"] == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_two_editors_write_one_issue_by_keyboard_on_a_desk_and_on_a_phone(
    browser: Browser, desk: Desk, keep: Keep
) -> None:
    hana = _log_in(browser, desk, "editor")
    ken = _log_in(browser, desk, "approver", width=375, scheme="dark")

    # Hana moves a story by keyboard; the button keeps the focus, and Enter in a field saves.
    hana.get_by_role("button", name="Down: FIT").first.focus()
    hana.keyboard.press("Enter")
    expect(hana.get_by_text("Not saved yet.")).to_be_visible()
    assert (
        hana.evaluate("document.activeElement.value") == "up:1"
    )  # at the end of its section only the way back is left
    hana.fill("[id='subject.en']", "Hana's subject")
    hana.locator("[name='day.en']").press("Enter")
    expect(hana.get_by_role("status")).to_have_text("Saved.")
    assert [choice.story_id for choice in desk.saved().stories] == [2, 1, 3]

    # Ken still has the old page: what differs merges, what both changed is asked about.
    ken.fill("[id='subject.en']", "健の件名")
    ken.fill("[id='preheader.ja']", "健のプレビュー文")
    ken.get_by_role("button", name="保存する").last.click()
    expect(ken.get_by_role("alert")).to_contain_text("editorさんも変更していました")
    _stands(ken)
    keep(ken, "compose-conflict-phone-dark")
    ken.get_by_role("radio", name="editorさんの文面").check()
    ken.get_by_role("button", name="保存する").last.click()
    expect(ken.get_by_role("status")).to_have_text("保存しました。")
    _stands(ken)

    saved = desk.saved()
    assert (saved.texts["en"].subject, saved.texts["ja"].preheader) == ("Hana's subject", "健のプレビュー文")
    assert [choice.story_id for choice in saved.stories] == [2, 1, 3]
    hana.goto(f"{desk.url}/desk/issues/1/history/compare?old=1&new=3")
    expect(hana.get_by_text("Hana's subject")).to_be_visible()
    _stands(hana)
    keep(hana, "compose-difference")
