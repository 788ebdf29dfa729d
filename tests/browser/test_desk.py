"""The desk in a real browser: both languages, light and dark, wide and narrow, by keyboard, and without script."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from newsletter import database, editors, folder, freezing, issues, paths
from newsletter.config import Settings
from newsletter.keys import Keys
from newsletter.models import Delivery, Editor, Issue, Post, PostAttempt
from newsletter.web import app as web_app
from newsletter.web.context import Context
from tests.browser.serving import serving
from tests.conftest import copied, prepare
from tests.newsletter import newsroom
from tests.newsletter.newsroom import SEND_AT, Office

pytestmark = pytest.mark.browser

SAMPLE = paths.bundled("newsletter").parent / "newsletter/sandbox/office/issue"
PASSWORD = "seven fairs in spring"
PEOPLE = {"en": ("hana@example.org", "Hana Mori", "admin"), "ja": ("ken@example.org", "小野健二", "approver")}
LOOKS = [("en", "light", 1200), ("ja", "dark", 375)]
Keep = Callable[[Page, str], None]


@dataclass
class Desk:
    """A running desk, its office, who is logged in in which language, and where each page stands."""

    url: str
    office: Office
    tokens: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def open(self, page: Page, name: str, language: str, scheme: Any = "light", width: int = 1200) -> None:
        """Open a page as the editor of `language`, on a screen that looks like that."""
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        page.context.clear_cookies()
        if name != "login":
            page.context.add_cookies([{"name": "desk", "value": self.tokens[language], "url": f"{self.url}/desk/"}])
        page.goto(self.url + self.places[name].format(language=language))


@pytest.fixture
def served(engine: Engine, settings: Settings, keys: Keys, now: datetime) -> Iterator[tuple[str, Context]]:
    """Serve an office in which nothing has been done."""
    with _serve(engine, settings, keys, now) as found:
        yield found


@contextmanager
def _serve(engine: Engine, settings: Settings, keys: Keys, now: datetime) -> Iterator[tuple[str, Context]]:
    """Serve the application; its address is the one that mails and pages name."""
    context = Context(settings, keys, engine, prepare(engine, settings, now), now=lambda: now)
    app = web_app.create(context)
    with serving(app) as url:
        web = settings.web.model_copy(update={"base_url": url})
        app.state.context = replace(context, settings=settings.model_copy(update={"web": web}))
        yield url, app.state.context


@pytest.fixture(scope="module")
def desk(
    migrated_file: Path, sample_settings: Settings, keys: Keys, now: datetime, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """Return the desk of these tests, which look and change nothing: making all its issues takes a second."""
    settings = sample_settings.model_copy(update={"data_folder": tmp_path_factory.mktemp("desk")})
    with copied(migrated_file, settings) as engine, _serve(engine, settings, keys, now) as (url, context):
        yield _furnished(url, context)


def _furnished(url: str, context: Context) -> Desk:
    """Return a desk with an issue in every state; number 1 is the sample office's own."""
    with database.writing(context.engine) as session:
        people = {language: _person(session, context, language) for language in PEOPLE}
        office = Office(
            context.engine,
            context.settings,
            context.publication_id,
            people["en"].id,
            people["ja"].id,
            context.now(),
        )
        desk = Desk(url, office)
        for language, person in people.items():
            desk.tokens[language] = editors.open_session(session, person, now=context.now())
        for number, (language, topic) in enumerate(
            [("en", "fairs"), ("en", "food"), ("ja", "fairs"), ("ja", "industry")]
        ):
            newsroom.reader(session, office, number, language=language, topics=[topic])
        desk.places = _fill(session, office)
    return desk


def _person(session: Session, context: Context, language: str) -> Editor:
    email, name, role = PEOPLE[language]
    person = Editor(email=email, name=name, role=role, language=language, created_at=context.now())
    session.add(person)
    session.flush()
    return person


def _fill(session: Session, office: Office) -> dict[str, str]:
    """Make issues in every state; return where the pages stand."""
    asked = folder.load(
        session, office.settings, office.publication_id, SAMPLE, editor_id=office.editor_id, now=office.now
    )
    newsroom.ask(session, office, asked)
    draft, approved = newsroom.draft(session, office), newsroom.approved(session, office)
    faulty = newsroom.draft(session, office, [newsroom.FAIR.model_copy(update={"texts": {}}), newsroom.NOTICE])
    late, paused = newsroom.scheduled(session, office), newsroom.scheduled(session, office)
    late.releases[0].state = "held"
    issues.pause(session, paused, "The fair has moved.", now=office.now, editor_id=office.editor_id)
    sending, closed = _out(session, office), _out(session, office)
    session.execute(update(Issue).where(Issue.id == closed.id).values(state="closed", closed_at=SEND_AT))
    _doubt(session, office, sending)
    edition = freezing.of_issue(session, asked)[0]
    return {
        "login": "/desk/login?lang={language}",
        "account": "/desk/account",
        "issues": "/desk/issues",
        "asked": f"/desk/issues/{asked.id}",
        "draft": f"/desk/issues/{draft.id}",
        "faulty": f"/desk/issues/{faulty.id}",
        "approved": f"/desk/issues/{approved.id}",
        "late": f"/desk/issues/{late.id}",
        "paused": f"/desk/issues/{paused.id}",
        "sending": f"/desk/issues/{sending.id}",
        "closed": f"/desk/issues/{closed.id}",
        "schedule": f"/desk/issues/{approved.id}/schedule",
        "confirm": f"/desk/issues/{approved.id}/schedule?day=2026-12-01&time=14:30",
        "refused": f"/desk/issues/{approved.id}/schedule?day=2026-12-02&time=14:30",
        "cancel": f"/desk/issues/{sending.id}/cancel",
        "progress": f"/desk/issues/{sending.id}/progress?still=yes",
        "report": f"/desk/issues/{closed.id}/report",
        "again": f"/desk/issues/{closed.id}/again",
        "postpone": f"/desk/issues/{late.id}/releases/{late.releases[0].id}/time",
        "posts": f"/desk/issues/{sending.id}/posts",
        "review": f"/desk/issues/{asked.id}/posts",
        "edition": f"/desk/issues/{asked.id}/editions/{edition.id}",
        "text": f"/desk/issues/{asked.id}/editions/{edition.id}?form=text",
        "nowhere": "/desk/issues/999",
    }


def _out(session: Session, office: Office) -> Issue:
    issue = newsroom.scheduled(session, office)
    for release in issue.releases:
        issues.release(session, office.settings, release, now=SEND_AT)
    rows = session.scalars(select(Delivery).where(Delivery.issue_id == issue.id).order_by(Delivery.id)).all()
    for row, state in zip(rows, ("sent", "uncertain", "refused", "sent"), strict=True):
        row.state, row.settled_at = state, office.now - timedelta(days=1)
        row.reason = {"uncertain": "no_answer", "refused": "mailbox_full"}.get(state)
    return issue


def _doubt(session: Session, office: Office, issue: Issue) -> None:
    """Put the Japanese post of an issue in doubt; the English one waits to be made by hand."""
    post = session.scalars(select(Post).where(Post.issue_id == issue.id, Post.language == "ja")).one()
    post.state, post.reason = "needs_person", "not_found"
    before = office.now - timedelta(hours=1)
    session.add(PostAttempt(post_id=post.id, claimed_at=before, deadline_at=before, payload_hash="x", sent_at=before))


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
def test_axe_finds_nothing(desk: Desk, page: Page, keep: Keep, *, language: str, scheme: str, width: int) -> None:
    for name in desk.places:
        desk.open(page, name, language, scheme, width)

        violations = Axe().run(page).response["violations"]

        assert [(name, one["id"], one["nodes"][0]["html"]) for one in violations] == []
        keep(page, f"desk-{name}-{language}-{scheme}-{width}")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_nothing_scrolls_sideways_on_the_narrowest_phone(desk: Desk, page: Page, language: str) -> None:
    for name in desk.places:
        desk.open(page, name, language, width=320)

        wide = page.evaluate("document.documentElement.scrollWidth")

        assert (name, wide) == (name, 320)


@pytest.mark.parametrize(
    "name", ["login", "account", "issues", "draft", "asked", "approved", "sending", "posts", "schedule", "cancel"]
)
def test_everything_can_be_reached_with_the_tab_key_in_the_order_it_is_read(desk: Desk, page: Page, name: str) -> None:
    desk.open(page, name, "ja")
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), textarea, summary')]
            .filter(one => one.checkVisibility() && one.tabIndex >= 0)
            .map((one, place) => { one.dataset.place = place; return place })"""
    )
    page.evaluate("document.activeElement.blur()")

    reached: list[int] = []
    for _ in wanted:
        page.keyboard.press("Tab")
        while page.evaluate("document.activeElement.type") in ("date", "time") and str(reached[-1:]) == str(
            [int(page.evaluate("document.activeElement.dataset.place"))]
        ):
            page.keyboard.press("Tab")  # the parts of a date are stops of their own
        reached.append(int(page.evaluate("document.activeElement.dataset.place ?? -1")))

    assert reached == wanted


def test_focus_is_always_seen(desk: Desk, page: Page) -> None:
    desk.open(page, "asked", "ja")

    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"


def test_no_page_breaks_its_own_policy(desk: Desk, page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if "policy" in message.text.lower() else None)

    for name in desk.places:
        desk.open(page, name, "en")

    assert said == []


def test_a_link_in_a_preview_leads_nowhere(desk: Desk, page: Page) -> None:
    opened: list[Page] = []
    page.context.on("page", lambda other: opened.append(other))  # noqa: PLW0108 - no built-in function is taken
    desk.open(page, "edition", "en")
    before = page.frames[1].url

    link = page.frame_locator("iframe").get_by_role("link", name="Unsubscribe").first
    link.click()
    page.wait_for_timeout(300)

    assert opened == []
    assert page.frames[1].url == before
    assert page.url == desk.url + desk.places["edition"]


def test_a_preview_shows_phone_and_dark_whatever_the_screen_is(desk: Desk, page: Page, keep: Keep) -> None:
    desk.open(page, "edition", "en", "light")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.frames[1].evaluate(paper)

    page.get_by_role("link", name="Phone").click()
    page.get_by_role("link", name="Dark").click()
    page.wait_for_load_state("networkidle")

    assert page.frames[1].evaluate("innerWidth") == 375
    assert page.frames[1].evaluate(paper) != light
    dark = page.frames[1].evaluate(paper)
    page.emulate_media(color_scheme="dark")
    assert page.frames[1].evaluate(paper) == dark
    keep(page, "desk-edition-phone-dark")


def test_pictures_of_a_mail_are_seen_in_its_preview(desk: Desk, page: Page) -> None:
    desk.open(page, "edition", "en")
    page.wait_for_load_state("networkidle")

    sizes = page.frames[1].evaluate("[...document.images].map(image => image.naturalWidth)")

    assert sizes
    assert all(sizes)


def test_from_the_set_up_to_the_schedule_without_script(
    served: tuple[str, Context], browser: Browser, keep: Keep
) -> None:
    url, context = served
    plain = browser.new_context(java_script_enabled=False, locale="en", viewport={"width": 375, "height": 800})
    page = plain.new_page()

    page.goto(f"{url}/desk")
    keep(page, "desk-setup-en-light-375")
    page.get_by_label("Set-up code").fill(editors.setup_code(context.keys))
    page.get_by_label("Your name").fill("Hana Mori")
    page.get_by_label("E-mail address").fill("hana@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("The desk is ready. You are logged in.")
    _draft(context)

    for name, button in (("hana", "Ask for approval"), ("ken", "Approve exactly this")):
        page.get_by_role("button", name="Log out").click()
        page.get_by_label("E-mail address").fill(f"{name}@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("link", name="Issue 1").click()
        page.get_by_role("button", name=button).click()
    page.get_by_role("button", name="Send to 2 people on Tue 1 Dec 2026, 10:00").click()

    expect(page.get_by_role("status")).to_contain_text("The time is set.")
    page.get_by_role("button", name="日本語").click()
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect(page.get_by_role("heading", level=1)).to_have_text("第1号")
    plain.close()


def _draft(context: Context) -> None:
    with database.writing(context.engine) as session:
        office = Office(context.engine, context.settings, context.publication_id, 1, 1, context.now())
        for number, language in enumerate(("en", "ja"), start=1):
            newsroom.reader(session, office, number, language=language, topics=["fairs"])
        email, ken = "ken@example.org", "Ken Sato"
        editors.create(session, email=email, name=ken, role="approver", password=PASSWORD, now=context.now())
        newsroom.draft(session, office)
