"""The readers' pages in a real browser: both languages, light and dark, wide and narrow, and without script."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from newsletter import archive, database, folder, freezing, paths, words
from newsletter.config import Settings
from newsletter.keys import Keys
from newsletter.web import app as web_app
from newsletter.web.context import Context
from subscribers.bits import Bits
from tests.browser.serving import serving
from tests.newsletter.web.public.conftest import Register

pytestmark = pytest.mark.browser

OFFICE = paths.bundled("newsletter").parent / "newsletter/sandbox/office/issue"
PAGES = (
    "index",
    "issue",
    "story",
    "topic",
    "calendar",
    "search",
    "subscribe",
    "poster",
    "nowhere",
    "confirm",
    "confirmed",
    "expired",
    "unsubscribe",
    "unsubscribed",
    "topics",
    "stranger",
)
Keep = Callable[[Page, str], None]


@dataclass(frozen=True)
class Site:
    """A running server, what is behind it, and where each page stands."""

    url: str
    register: Register
    places: dict[str, str]

    def at(self, name: str, language: str) -> str:
        """Return the address of a page in a language."""
        return self.url + self.places[name].format(language=language)


@pytest.fixture
def context(engine: Engine, settings: Settings, keys: Keys, publication_id: int, now: datetime) -> Context:
    """Return what the application is made of; its forms need not be open for three seconds."""
    return Context(settings, keys, engine, publication_id, now=lambda: now, least_form_age=timedelta(0))


@pytest.fixture
def site(context: Context, bits: Bits) -> Iterator[Site]:
    """Serve the sample office with one issue out, and a reader for every page that belongs to one."""
    register = Register(context, bits)
    slug = _publish(context)
    reader, gone = register.subscribe("hana@example.org"), register.subscribe("tim@example.org")
    places = {
        "index": "/{language}/",
        "issue": f"/{{language}}/issues/{slug}/",
        "story": "/{language}/stories/1",
        "topic": "/{language}/topics/food/",
        "calendar": "/{language}/calendar/",
        "search": "/{language}/search?q=a",
        "subscribe": "/{language}/subscribe",
        "poster": "/{language}/poster",
        "nowhere": "/{language}/nowhere",
        "confirm": f"/c/{register.ask('mei@example.org').confirm}?lang={{language}}",
        "confirmed": f"/c/{reader.confirm}?lang={{language}}",
        "expired": f"/c/{register.ask('li@example.org', hours=-1).confirm}?lang={{language}}",
        "unsubscribe": f"/u/{reader.footer}?lang={{language}}",
        "unsubscribed": f"/u/{gone.footer}?lang={{language}}",
        "topics": f"/u/{reader.footer}/topics?lang={{language}}",
        "stranger": "/u/nobody?lang={language}",
    }
    register.erase(gone)
    with serving(web_app.create(context)) as url:
        yield Site(url, register, places)


def _publish(context: Context) -> str:
    with database.writing(context.engine) as session:
        issue = folder.load(
            session, context.settings, context.publication_id, OFFICE, editor_id=None, now=context.now()
        )
        freezing.freeze(session, context.settings, issue, now=context.now())
        for language in context.settings.publication.languages:
            archive.publish(session, context.settings, issue, language, now=context.now())
        return issue.slug


def _open(page: Page, address: str, scheme: Any, width: int, height: int = 900) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(address)


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("en", "dark", 375), ("ja", "light", 1200)],
)
def test_axe_finds_nothing(site: Site, page: Page, keep: Keep, *, language: str, scheme: str, width: int) -> None:
    for name in PAGES:
        _open(page, site.at(name, language), scheme, width)
        page.evaluate("document.querySelectorAll('img').forEach(image => { image.loading = 'eager' })")
        keep(page, f"public-{name}-{language}-{scheme}-{width}")

        results = Axe().run(page)

        assert results.response["passes"], f"{name}: nothing was looked at"
        assert results.violations_count == 0, f"{name}: {results.generate_report()}"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_nothing_scrolls_sideways(site: Site, page: Page, language: str) -> None:
    for name in PAGES:
        for width in (320, 375, 700):
            _open(page, site.at(name, language), "light", width)

            assert page.evaluate("document.documentElement.scrollWidth") == width, name


def test_the_strict_policy_is_never_broken(site: Site, page: Page) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.add_init_script("document.addEventListener('securitypolicyviolation', e => console.log(e.violatedDirective))")

    for name in (each for each in PAGES if each not in ("nowhere", "stranger", "expired")):
        _open(page, site.at(name, "ja"), "light", 700)
        assert page.evaluate("[...document.styleSheets].every(sheet => sheet.cssRules.length > 0)")

    assert refused == []


def test_the_three_questions_and_the_button_fit_a_phone(site: Site, page: Page) -> None:
    for language in ("en", "ja"):
        _open(page, site.at("subscribe", language), "light", 375, 812)

        bottom = page.locator("form button").evaluate("button => button.getBoundingClientRect().bottom")

        assert bottom <= 812, language


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_person_subscribes_changes_topics_and_leaves_without_script(
    site: Site, browser: Browser, keep: Keep, language: str
) -> None:
    say = words.load("reader", language)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 812})
    page = context.new_page()

    page.goto(site.at("subscribe", language))
    page.get_by_label(say("subscribe.address")).fill("nobody@nowhere")
    page.get_by_role("button").click()
    expect(page.locator(".wrong")).to_have_text([say("wrong.address.incomplete"), say("wrong.topics")])
    keep(page, f"public-mistakes-{language}-375")
    page.get_by_label(say("subscribe.address")).fill("new@example.org")
    page.locator(".option", has=page.locator("[value=food]")).click()
    page.get_by_role("button").click()
    expect(page.locator("h1")).to_have_text(say("sent.title"))
    keep(page, f"public-sent-{language}-375")

    (letter,) = site.register.letters()
    link = letter.text.split("/c/")[1].split()[0]
    page.goto(f"{site.url}/c/{link}")
    page.get_by_role("button", name=say("confirm.button")).click()
    expect(page.locator("h1")).to_have_text(say("confirm.done_title"))

    welcome = site.register.letters()[-1]
    footer = welcome.text.split("/u/")[1].split("/")[0].split()[0]
    page.goto(f"{site.url}/u/{footer}")
    page.get_by_role("link", name=say("unsubscribe.topics")).click()
    page.locator(".option", has=page.locator("[value=TH]")).click()
    page.get_by_role("button").click()
    expect(page.get_by_role("status")).to_have_text(say("topics.saved"))
    page.get_by_role("link", name=say("topics.left")).click()
    page.get_by_role("button", name=say("unsubscribe.button")).click()
    expect(page.locator("h1")).to_have_text(say("unsubscribe.done_title"))
    keep(page, f"public-left-{language}-375")
    page.get_by_label(say("reason.often")).check()
    page.get_by_role("button", name=say("unsubscribe.reason_button")).click()
    expect(page.get_by_text(say("unsubscribe.reason_thanks"))).to_be_visible()

    assert site.register.events()[-4:] == ["confirmed", "changed", "left", "reason"]
    context.close()


def test_the_form_can_be_used_by_keyboard_alone(site: Site, page: Page) -> None:
    _open(page, site.at("subscribe", "en"), "light", 700)
    page.locator("#address").focus()

    page.keyboard.type("keys@example.org")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text(words.load("reader", "en")("sent.title"))


def test_japanese_lines_are_long_and_open_enough_to_read(site: Site, page: Page) -> None:
    _open(page, site.at("issue", "ja"), "light", 1200)

    paragraph = page.locator(".prose p").first
    size, line, width = paragraph.evaluate(
        "e => [getComputedStyle(e).fontSize, getComputedStyle(e).lineHeight, e.clientWidth].map(parseFloat)"
    )

    assert size >= 18
    assert line / size == pytest.approx(1.8, abs=0.05)
    assert 34 <= width / size <= 40


def test_the_poster_fills_one_sheet(site: Site, page: Page) -> None:
    for language in ("en", "ja"):
        page.goto(site.at("poster", language))

        sheets = page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")

        assert sheets == 1
