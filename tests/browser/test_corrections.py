"""Corrections and series in a real browser: from the mistake to the approval, on a wide screen and on a phone."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from newsletter import database, editors
from newsletter.config import Settings
from newsletter.keys import Keys
from newsletter.models import Editor
from newsletter.web import app as web_app
from newsletter.web.context import Context
from tests.browser.serving import serving
from tests.newsletter.corrections import ground as lay
from tests.newsletter.corrections.ground import AFTER, Ground
from tests.newsletter.newsroom import Office
from tests.newsletter.series import ground as serial

pytestmark = pytest.mark.browser

Desk = tuple[str, dict[str, str], Ground]


@pytest.fixture
def desk(engine: Engine, settings: Settings, keys: Keys, publication_id: int) -> Iterator[Desk]:
    """Serve a desk with an issue half out and a series; return its address and who may log in."""
    tokens = {}
    with database.writing(engine) as session:
        people = [
            Editor(email="hana@example.org", name="Hana Mori", role="editor", language="en", created_at=AFTER),
            Editor(email="ken@example.org", name="小野健二", role="approver", language="ja", created_at=AFTER),
        ]
        session.add_all(people)
        session.flush()
        tokens = {one.language: editors.open_session(session, one, now=AFTER) for one in people}
        hana, ken = (one.id for one in people)
    office = Office(engine, settings, publication_id, hana, ken, AFTER - timedelta(days=7))
    ground = lay.lay(office)
    lay.put_right(ground)
    with database.writing(engine) as session:
        serial.begin(session, office, rule=serial.RULE.model_copy(update={"approval": "standing"}))
    context = Context(settings, keys, engine, publication_id, now=lambda: AFTER)
    app = web_app.create(context)
    with serving(app) as url:
        web = settings.web.model_copy(update={"base_url": url})
        app.state.context = replace(context, settings=settings.model_copy(update={"web": web}))
        yield url, tokens, ground


def _as(page: Page, desk: Desk, language: str, *, width: int, scheme: str) -> Callable[..., None]:
    """Log in as the editor of a language; return what opens a page and lets axe look at it."""
    url, tokens, _ = desk
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "desk", "value": tokens[language], "url": f"{url}/desk/"}])
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # "light" or "dark"
    page.set_viewport_size({"width": width, "height": 900})

    def look(path: str = "") -> None:
        if path:
            page.goto(url + path)
        found = Axe().run(page).response["violations"]
        assert [(page.url, one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    return look


def test_a_mistake_is_put_right_by_an_editor_and_agreed_to_on_a_phone(desk: Desk, page: Page) -> None:
    look = _as(page, desk, "en", width=1200, scheme="light")
    for path in ("/desk/series", "/desk/series/1", "/desk/series/1/edit", "/desk/corrections"):
        look(path)
    page.get_by_role("link", name="Tell the readers of issue 1").click()
    look()
    page.get_by_role("button", name="Pause the issue and begin").click()
    look()
    expect(page.get_by_label("English")).to_have_value(
        "We gave the wrong dates for “FIT”: Thu 17 - Sun 20 Dec 2026. The right dates are Thu 17 - Sat 19 Dec 2026."
    )
    page.get_by_role("button", name="Ask for approval of the correction").click()
    expect(page.get_by_role("status")).to_contain_text("Approval of the correction has been asked for")

    place = page.url.partition("?")[0].removeprefix(desk[0])
    look = _as(page, desk, "ja", width=375, scheme="dark")
    look(place)
    expect(page.frame_locator("iframe").first.get_by_role("heading", name="Correction: FIT")).to_be_visible()
    page.get_by_role("button", name="訂正を承認する").click()
    expect(page.get_by_text("反映中")).to_be_visible()

    lay.carry_out(desk[2], 1)
    look(place)
    expect(page.get_by_text("完了")).to_be_visible()
