"""A story in a real browser: written with picture and flyer, seen by its city on a phone, and proposed by another."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image as Pixels
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, select

from newsletter import database, editors, stories
from newsletter.config import Settings
from newsletter.keys import Keys
from newsletter.models import Editor, Letter, Story
from newsletter.web import app as web_app
from newsletter.web import auth
from newsletter.web.context import Context
from tests.browser.serving import serving
from tests.newsletter.test_flyers import PDF

pytestmark = pytest.mark.browser
Keep = Callable[[Page, str], None]


class Site:
    """The running product and one editor's log-in."""

    def __init__(self, url: str, context: Context, token: str) -> None:
        self.url, self.context, self.token = url, context, token

    def at_desk(self, page: Page) -> None:
        """Log the editor in."""
        name = auth.cookie_name(self.context.settings)
        page.context.add_cookies([{"name": name, "value": self.token, "url": f"{self.url}/desk/"}])

    def letter(self, to: str) -> Letter:
        """Return the newest letter to an address."""
        with database.reading(self.context.engine) as session:
            newest = select(Letter).where(Letter.to_address == to).order_by(Letter.id.desc()).limit(1)
            return session.scalars(newest).one()

    def stories(self) -> list[Story]:
        """Return all stories, oldest first."""
        with database.reading(self.context.engine) as session:
            return list(session.scalars(select(Story).order_by(Story.id)))


@pytest.fixture
def site(engine: Engine, settings: Settings, keys: Keys, publication_id: int, now: datetime) -> Iterator[Site]:
    context = Context(settings, keys, engine, publication_id, now=lambda: now, least_form_age=timedelta(0))
    app = web_app.create(context)
    with database.writing(engine) as session:
        hana = Editor(email="hana@example.org", name="Hana Mori", role="editor", language="en", created_at=now)
        session.add(hana)
        session.flush()
        token = editors.open_session(session, hana, now=now)
    with serving(app) as url:
        web = settings.web.model_copy(update={"base_url": url})
        app.state.context = replace(context, settings=settings.model_copy(update={"web": web}))
        yield Site(url, app.state.context, token)


def _picture() -> bytes:
    out = io.BytesIO()
    Pixels.new("RGB", (1600, 900), "#a8382b").save(out, "JPEG")
    return out.getvalue()


def _look(page: Page, keep: Keep, name: str) -> None:
    """Let axe look at the page, and see that nothing hangs over its edge."""
    found: Any = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.response["violations"] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
    keep(page, name)


def test_a_fair_is_written_proved_on_a_phone_and_answered(site: Site, page: Page, keep: Keep) -> None:
    site.at_desk(page)
    page.goto(f"{site.url}/desk/stories")
    page.get_by_role("link", name="New story").click()
    page.get_by_role("link", name="Fair A travel fair").click()
    page.get_by_label("Headline, English").fill("Autumn fair")
    page.get_by_label("Headline, Japanese").fill("秋の見本市")
    page.get_by_label("First day").fill("2026-12-17")
    page.get_by_label("Country of the venue").select_option(label="Thailand")
    page.get_by_label("A JPEG or PNG file").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": _picture()}
    )
    page.get_by_label("A PDF, at most").set_input_files(
        {"name": "Map.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_role("button", name="Put it into the pool").click()
    expect(page.get_by_role("status")).to_contain_text("in the pool")

    page.get_by_role("link", name="Edit the story").click()
    page.get_by_label("What it shows, for those who do not see it, English").fill("A red wall")
    page.get_by_label("Opens").fill("10:00")
    page.get_by_label("Closes").fill("18:00")
    _look(page, keep, "story-form")
    page.get_by_role("button", name="Save the story").click()
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("This is the link").input_value()
    _look(page, keep, "story")

    page.context.clear_cookies()
    page.set_viewport_size({"width": 375, "height": 800})
    page.emulate_media(color_scheme="dark")
    page.goto(link.replace("/en/", "/ja/"))
    expect(page.get_by_role("heading", name="秋の見本市")).to_be_visible()
    _look(page, keep, "proof-ja-phone")
    page.get_by_label("お名前").fill("佐藤")
    page.get_by_role("button", name="このままでよい").click()
    expect(page.get_by_role("status")).to_contain_text("記録しました")
    assert "佐藤" in site.letter("hana@example.org").text


def test_a_city_proposes_a_story_on_a_phone_and_the_desk_accepts_it(site: Site, page: Page, keep: Keep) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(f"{site.url}/ja/propose")
    page.get_by_label("食・特産品").check()
    page.get_by_label("見出し").fill("柚子の季節")
    page.get_by_label("本文").fill("柚子の収穫が始まりました。\n\n12月の店頭でお楽しみください。")
    page.get_by_label("自治体・団体名").fill("柚子村")
    page.get_by_label("ご担当者名").fill("佐藤花子")
    page.get_by_label("メールアドレス").fill("sato@yuzu.test")
    _look(page, keep, "propose-ja-phone")
    page.get_by_role("button", name="確認メールを受け取る").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("メールをご確認ください")
    assert site.stories() == []

    page.goto(next(line for line in site.letter("sato@yuzu.test").text.splitlines() if "/propose/" in line))
    page.get_by_role("button", name="提案を送る").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ご提案を受け付けました")

    site.at_desk(page)
    page.set_viewport_size({"width": 1200, "height": 900})
    page.goto(f"{site.url}/desk/stories")
    _look(page, keep, "stories")
    page.get_by_role("link", name="柚子の季節").click()
    page.get_by_role("button", name="Accept it").click()
    expect(page.get_by_role("status")).to_contain_text("Accepted")
    assert [story.state for story in site.stories()] == ["accepted"]
    assert "掲載いたします" in site.letter("sato@yuzu.test").subject
    with database.reading(site.context.engine) as session:
        assert stories.content(session, 1).texts["ja"].title == "柚子の季節"
