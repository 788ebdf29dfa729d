"""While nothing may be sent the desk says so on every page, and one page says what to do."""

import pytest
from sqlalchemy import Engine, update

from newsletter import database, journal, words
from newsletter.models import Installation
from newsletter.web.context import Context
from tests.newsletter.web.editor.conftest import Browser


@pytest.fixture
def context_with_journal(context: Context) -> Context:
    """Return the desk's context with a journal that has begun."""
    journal.attach(context.engine, context.settings, context.keys)
    assert not journal.look(context.engine, now=context.now())
    return context


def hold(engine: Engine, reason: str) -> None:
    with database.writing(engine) as session:
        session.execute(update(Installation).values(held=reason))


@pytest.mark.usefixtures("context_with_journal")
def test_the_desk_says_nothing_while_all_is_well(browser: Browser) -> None:
    assert words.load("desk", "en")("held.banner") not in browser.get("/desk/issues").text
    assert browser.get("/desk/held").status_code == 303


@pytest.mark.parametrize("reason", journal.REASONS)
def test_every_page_says_that_sending_is_stopped_and_one_says_why(
    browser: Browser, context_with_journal: Context, reason: str
) -> None:
    hold(context_with_journal.engine, reason)
    say = words.load("desk", "en")

    assert say("held.banner") in browser.get("/desk/issues").text
    page = browser.get("/desk/held").text
    assert say(f"held.why.{reason}") in page
    assert say(f"held.command.{reason}") in page
