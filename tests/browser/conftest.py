"""A browser for the tests that need one: Debian's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

MISSING = "not run: Chromium is missing; install Debian's chromium or set NEWSLETTER_TEST_CHROMIUM"
PATIENCE_SECONDS = 30
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
"""Tests run as root in containers, without a graphics card, and nothing real is contacted."""


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Return a running Chromium; skip without one, or fail where NEWSLETTER_TEST_BROWSER is "required".

    It lives as long as this folder's tests, not the session: while Playwright's synchronous face is
    open, no other test of this process may start an asyncio loop.
    """
    path = os.environ.get("NEWSLETTER_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path or not Path(path).exists():
        if os.environ.get("NEWSLETTER_TEST_BROWSER") == "required":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    expect.set_options(timeout=PATIENCE_SECONDS * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return an empty page in a context of its own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en")
    yield context.new_page()
    context.close()


@pytest.fixture
def keep() -> Callable[[Page, str], None]:
    """Return a function that saves the whole page as NAME.png where NEWSLETTER_TEST_PICTURES names a folder."""
    folder = os.environ.get("NEWSLETTER_TEST_PICTURES")

    def save(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return save
