"""The pictures of the documentation, taken of the running demo. No test: it is run when asked to.

NEWSLETTER_TEST_PICTURES=docs/pictures .venv/bin/python -m pytest tests/browser/take_pictures.py
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from newsletter import config
from newsletter.config import look
from newsletter.rendering import editions, environment
from tests.conftest import ROOT
from tests.newsletter.rendering import everything

pytestmark = pytest.mark.browser

MOST_BYTES = 200_000
QUALITY = 74
WIDE, PHONE, MAIL = (1200, 900), (390, 844), (700, 1000)
THEMES: tuple[tuple[tuple[str, ...], tuple[int, int], Any], ...] = (
    (("en",), MAIL, "light"),
    (("en",), MAIL, "dark"),
    (("ja",), PHONE, "light"),
    (("ja", "en"), PHONE, "dark"),
)


@dataclass(frozen=True)
class Demo:
    """A running demo whose first issue is out: the page that leads through it, and what its links lead to."""

    guide: str
    catcher: str
    desk: str
    password: str


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    data = tmp_path_factory.mktemp("pictures") / "demo"
    command = [sys.executable, "-m", "newsletter", "demo", "--data", str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert any("after the start" in line for line in process.stdout), "the demo's issue did not go out"
            told = json.loads((data / "demo.json").read_text(encoding="utf-8"))
            url = {name: f"http://127.0.0.1:{port}" for name, port in told["ports"].items()}
            yield Demo(url["guide"], url["catcher"], url["web"] + "/desk", told["password"])
        finally:
            process.send_signal(signal.SIGTERM)


def test_pictures_of_the_demo(demo: Demo, browser: Browser) -> None:
    folder = Path(os.environ["NEWSLETTER_TEST_PICTURES"])
    folder.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str, address: str, size: tuple[int, int], scheme: Any = "light") -> None:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=scheme)
        page.goto(address, wait_until="networkidle")
        page.screenshot(path=folder / f"{name}.jpg", type="jpeg", quality=QUALITY)

    with browser.new_context(locale="en") as context:
        page = context.new_page()
        page.goto(f"{demo.guide}/en/")
        english, japanese, archive, facebook = (
            str(link.get_attribute("href")) for link in page.locator("figcaption a").all()
        )
        page.goto(f"{demo.desk}/login")
        page.locator("[type=email]").fill("hana@example.org")
        page.locator("[type=password]").fill(demo.password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/issues")
        page.locator(".issues a").first.click()
        issue = page.url
        preview = page.locator("a[href*='/editions/']").first.evaluate("link => link.href")

        take(page, "mail-en", f"{english}/html", MAIL)
        take(page, "mail-en-dark", f"{english}/html", MAIL, "dark")
        take(page, "mail-ja", f"{japanese}/html", MAIL)
        take(page, "mail-ja-phone", f"{japanese}/html", PHONE)
        take(page, "mail-ja-phone-dark", f"{japanese}/html", PHONE, "dark")
        take(page, "archive-page", archive, WIDE)
        take(page, "subscribe-ja-phone", demo.desk.replace("/desk", "/ja/subscribe"), PHONE)
        take(page, "desk-issue", issue, WIDE)
        take(page, "desk-preview", preview, WIDE)
        take(page, "facebook-page", facebook, WIDE)
        take(page, "catcher", english, WIDE)
        take(page, "guide", f"{demo.guide}/en/", (1400, 1240))

    pictures = sorted(folder.glob("*.jpg"))
    assert len(pictures) >= 12
    assert max(picture.stat().st_size for picture in pictures) < MOST_BYTES


def test_pictures_of_the_themes(browser: Browser, tmp_path: Path) -> None:
    """Every theme with everything a mail can hold, in both languages; no demo is needed for that."""
    folder = Path(os.environ["NEWSLETTER_TEST_PICTURES"])
    folder.mkdir(parents=True, exist_ok=True)

    for theme in look.themes():
        settings = config.load(ROOT / "config.toml", data_folder=tmp_path, look={"theme": theme})
        for languages, size, scheme in THEMES:
            rendered = editions.render(environment.create(), settings, everything.issue(settings, *languages))
            name = "-".join((f"theme-{theme}", *languages, *(("dark",) if scheme == "dark" else ())))
            with browser.new_context(
                viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, locale="en"
            ) as context:
                page = context.new_page()
                page.route("**/*", lambda route: route.abort())
                page.set_content(rendered.html)
                page.screenshot(path=folder / f"{name}.jpg", type="jpeg", quality=QUALITY)

    assert len(list(folder.glob("theme-*.jpg"))) == len(look.themes()) * len(THEMES)
