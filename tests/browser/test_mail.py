"""Issues as a mail client shows them: languages, themes, light and dark, wide and narrow, with and without pictures."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route
from sqlalchemy import select

from newsletter import config, database, folder, issues, sandbox
from newsletter.config import Settings
from newsletter.models import Image
from newsletter.rendering import editions, environment
from newsletter.rendering.views import IssueView
from tests.conftest import ROOT, prepare
from tests.newsletter.rendering import everything

pytestmark = pytest.mark.browser

OFFICE = Path(sandbox.__file__).parent / "office/issue"
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
READER = {
    "name": "Tan Mei Ling",
    "unsubscribe_url": "https://news.example.org/u/k5hq2m7x4t3n6r8v9w2y4z5a3b",
    "topics_url": "https://news.example.org/u/k5hq2m7x4t3n6r8v9w2y4z5a3b/topics",
    "unsubscribe_address": "info+k5hq2m7x4t3n6r8v9w2y4z5a3b@example.org",
}
LANGUAGES = ("en", "ja")
ALL = ("en", "ja", "both", "everything", "journal")
"""The sample issue in each language, and made-up issues: two languages, every field, the second theme."""


@dataclass
class Mails:
    """What is shown: HTML by name, the pictures in it, and the page that shows it."""

    page: Page
    html: dict[str, str]
    pictures: dict[str, tuple[str, bytes]]
    settings: Settings

    def show(self, name: str, scheme: Any = "light", width: int = 700) -> Page:
        """Show a mail in a colour scheme and a width; only its own pictures are served."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.set_content(self.html[name], wait_until="load")
        return self.page

    def answer(self, route: Route) -> None:
        """Serve a picture of the mail, and nothing else."""
        held = self.pictures.get(route.request.url.rsplit("/", 1)[-1])
        if held is None:
            route.abort()
        else:
            route.fulfill(content_type=held[0], body=held[1])


@pytest.fixture(scope="module")
def mails(browser: Browser, migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mails]:
    """Render everything once: it is only looked at."""
    data = tmp_path_factory.mktemp("mails")
    settings = config.load(ROOT / "config.toml", data_folder=data)
    journal = config.load(ROOT / "config.toml", data_folder=data, look={"theme": "journal"})
    (data / "newsletter.sqlite").write_bytes(migrated_file.read_bytes())
    engine = database.connect(settings.database)
    publication_id = prepare(engine, settings, NOW)
    with database.writing(engine) as session:
        issue = folder.load(session, settings, publication_id, OFFICE, editor_id=None, now=NOW)
        pictures = {image.hash: (image.media_type, image.content) for image in session.scalars(select(Image))}
        html = {one: _copy(settings, issues.view(session, settings, issue, one)) for one in LANGUAGES}
    engine.dispose()
    html["both"] = _copy(settings, everything.issue(settings, "ja", "en"))
    html["everything"] = _copy(settings, everything.issue(settings, "en"))
    html["journal"] = _copy(journal, everything.issue(journal, "en", "ja"))
    context = browser.new_context(locale="en")
    shown = Mails(context.new_page(), html, pictures, settings)
    shown.page.route("**/*", shown.answer)
    yield shown
    context.close()


def _copy(settings: Settings, view: IssueView) -> str:
    rendered = editions.render(environment.create(), settings, view)
    html = rendered.html
    for name, placeholder in rendered.fields.items():
        html = html.replace(placeholder, READER[name])
    return html


@pytest.mark.parametrize("name", ["en", "ja", "both", "journal"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(mails: Mails, keep: Callable[[Page, str], None], name: str, scheme: str) -> None:
    for width in (375, 700):
        page = mails.show(name, scheme, width)
        keep(page, f"mail-{name}-{scheme}-{width}")

        results = Axe().run(page)

        assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("name", ALL)
def test_nothing_scrolls_sideways(mails: Mails, name: str) -> None:
    for width in (320, 375, 480, 620, 700):
        page = mails.show(name, "light", width)

        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_schemes_are_the_office_s_colours(mails: Mails, language: str) -> None:
    look = mails.settings.look
    for scheme, palette in (("light", look.light), ("dark", look.dark)):
        page = mails.show(language, scheme)
        heading, paper = page.locator("h1"), page.locator("table.column").first

        assert _colour(heading.evaluate("e => getComputedStyle(e).color")) == palette.ink
        assert _colour(paper.evaluate("e => getComputedStyle(e).backgroundColor")) == palette.paper
        assert _colour(page.locator("h2.of-fairs").evaluate("e => getComputedStyle(e).color")) == palette.fairs
        assert page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)")


def test_without_pictures_their_words_are_shown(mails: Mails, page: Page) -> None:
    page.route("**/*", lambda route: route.abort())
    page.set_content(mails.html["en"], wait_until="load")

    heights = page.locator("img").evaluate_all("all => all.map(e => [e.naturalWidth, e.alt.length, e.clientHeight])")

    assert len(heights) > 2
    assert all(width == 0 and alt > 20 and 0 < height < 100 for width, alt, height in heights)


@pytest.mark.parametrize("width", [320, 700])
def test_links_of_the_footer_are_large_enough_to_touch(mails: Mails, width: int) -> None:
    """WCAG 2.2, 2.5.8: targets are 24 pixels high, or as far apart as if they were."""
    page = mails.show("en", "light", width)

    footer = page.locator("td.wash").last
    tops = footer.locator("p > a:only-child").evaluate_all("all => all.map(a => a.getBoundingClientRect().top)")

    assert len(tops) >= 5
    assert all(after - before >= 24 for before, after in itertools.pairwise(tops))


def test_japanese_lines_are_long_and_open_enough_to_read(mails: Mails) -> None:
    page = mails.show("ja")
    paragraph = page.locator("p").filter(has_text="東京や京都の次は").first

    size, line, width = paragraph.evaluate(
        "e => [getComputedStyle(e).fontSize, getComputedStyle(e).lineHeight, `${e.clientWidth}px`].map(parseFloat)"
    )

    assert size >= 16
    assert line / size == pytest.approx(1.8, abs=0.05)
    assert 30 <= width / size <= 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_deadline_stands_on_one_line(mails: Mails, language: str) -> None:
    for width in (320, 700):
        line = mails.show(language, "light", width).locator(".deadline strong").first

        assert line.evaluate("e => e.getClientRects().length") == 1


def test_no_line_ends_between_a_number_and_what_it_counts(mails: Mails) -> None:
    for width in range(320, 420, 4):
        held = (
            mails.show("ja", "light", width)
            .locator(".one")
            .evaluate_all("all => all.map(e => [e.innerText, e.getClientRects().length])")
        )

        assert len(held) > 20
        assert [text for text, lines in held if lines > 1] == []


def _colour(value: str) -> str:
    numbers = value.removeprefix("rgb(").removesuffix(")").split(",")
    return "#" + "".join(f"{int(number):02x}" for number in numbers)
