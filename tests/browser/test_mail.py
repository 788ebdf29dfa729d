"""The sample office's issue as a mail client shows it: both languages, light and dark, wide and narrow."""

import itertools
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route
from sqlalchemy import Engine, select

from newsletter import database, folder, issues, sandbox
from newsletter.config import Settings
from newsletter.models import Image
from newsletter.rendering import editions, environment

pytestmark = pytest.mark.browser

OFFICE = Path(sandbox.__file__).parent / "office/issue"
READER = {
    "name": "Tan Mei Ling",
    "unsubscribe_url": "https://news.example.org/u/k5hq2m7x4t3n6r8v9w2y4z5a3b",
    "topics_url": "https://news.example.org/u/k5hq2m7x4t3n6r8v9w2y4z5a3b/topics",
    "unsubscribe_address": "info+k5hq2m7x4t3n6r8v9w2y4z5a3b@example.org",
}
Open = Callable[[str, str, int], Page]


@pytest.fixture
def show(page: Page, engine: Engine, settings: Settings, publication_id: int, now: datetime) -> Open:
    """Return a function that shows the sample in a language, a scheme and a width; only its pictures are served."""
    with database.writing(engine) as session:
        issue = folder.load(session, settings, publication_id, OFFICE, editor_id=None, now=now)
        pictures = {image.hash: (image.media_type, image.content) for image in session.scalars(select(Image))}
        views = {
            language: issues.view(session, settings, issue, language) for language in settings.publication.languages
        }
    copies = {
        language: _copy(editions.render(environment.create(), settings, view)) for language, view in views.items()
    }

    def answer(route: Route) -> None:
        held = pictures.get(route.request.url.rsplit("/", 1)[-1])
        if held is None:
            route.abort()
        else:
            route.fulfill(content_type=held[0], body=held[1])

    def open_(language: str, scheme: Any, width: int) -> Page:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        page.set_content(copies[language], wait_until="load")
        return page

    page.route("**/*", answer)
    return open_


def _copy(rendered: editions.Rendered) -> str:
    html = rendered.html
    for name, placeholder in rendered.fields.items():
        html = html.replace(placeholder, READER[name])
    return html


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 700])
def test_axe_finds_nothing(
    show: Open, keep: Callable[[Page, str], None], language: str, scheme: str, width: int
) -> None:
    page = show(language, scheme, width)
    keep(page, f"mail-{language}-{scheme}-{width}")

    results = Axe().run(page)

    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("width", [320, 375, 480, 620, 700])
def test_nothing_scrolls_sideways(show: Open, language: str, width: int) -> None:
    page = show(language, "light", width)

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_schemes_are_the_office_s_colours(show: Open, settings: Settings, language: str) -> None:
    for scheme, palette in (("light", settings.look.light), ("dark", settings.look.dark)):
        page = show(language, scheme, 700)
        heading, paper = page.locator("h1"), page.locator("td.opening")

        assert _colour(heading.evaluate("e => getComputedStyle(e).color")) == palette.ink
        assert _colour(paper.evaluate("e => getComputedStyle(e).backgroundColor")) == palette.paper
        assert _colour(page.locator("h2.of-fairs").evaluate("e => getComputedStyle(e).color")) == palette.fairs


def test_without_pictures_their_words_are_shown(show: Open, page: Page) -> None:
    page.route("**/i/*", lambda route: route.abort())
    show("en", "light", 700)

    heights = page.locator("img").evaluate_all("all => all.map(e => [e.naturalWidth, e.alt.length, e.clientHeight])")

    assert len(heights) > 2
    assert all(width == 0 and alt > 20 and 0 < height < 100 for width, alt, height in heights)


@pytest.mark.parametrize("width", [320, 700])
def test_links_of_the_footer_are_large_enough_to_touch(show: Open, width: int) -> None:
    """WCAG 2.2, 2.5.8: targets are 24 pixels high, or as far apart as if they were."""
    page = show("en", "light", width)

    tops = page.locator(".footer .links a").evaluate_all("links => links.map(a => a.getBoundingClientRect().top)")

    assert len(tops) == 4
    assert all(after - before >= 24 for before, after in itertools.pairwise(tops))


def test_japanese_lines_are_long_and_open_enough_to_read(show: Open) -> None:
    page = show("ja", "light", 700)
    paragraph = page.locator(".story p").filter(has_text="東京や京都の次は").first

    size, line, width = paragraph.evaluate(
        "e => [getComputedStyle(e).fontSize, getComputedStyle(e).lineHeight, `${e.clientWidth}px`].map(parseFloat)"
    )

    assert size >= 16
    assert line / size == pytest.approx(1.8, abs=0.05)
    assert 30 <= width / size <= 40


def _colour(value: str) -> str:
    numbers = value.removeprefix("rgb(").removesuffix(")").split(",")
    return "#" + "".join(f"{int(number):02x}" for number in numbers)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("width", [320, 700])
def test_a_deadline_stands_on_one_line(show: Open, language: str, width: int) -> None:
    page = show(language, "light", width)
    line = page.locator(".deadline strong").first

    assert line.evaluate("e => e.getClientRects().length") == 1
