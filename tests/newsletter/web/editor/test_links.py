"""The desk shows editions in both languages, and in the report what readers followed."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import database, issues, links
from newsletter.models import Issue, Link
from tests.newsletter import newsroom
from tests.newsletter.newsroom import Office
from tests.newsletter.web.editor import conftest as desk
from tests.newsletter.web.editor.conftest import Browser

Making = Callable[[Callable[[Session, Office], Issue]], int]
LINKED = newsroom.SEMINAR.model_copy(update={"url": "https://seminar.example.org/申込"})


@pytest.fixture
def issue_id(office: Office) -> int:
    """Return an issue that is out, with a link in one of its stories, and with a reader of both languages."""
    with database.writing(office.engine) as session:
        both = newsroom.reader(session, office, 9, topics=["industry"], language="ja")
        both.subscriber.second_language = "en"
        issue = newsroom.draft(session, office, [LINKED, newsroom.NOTICE])
        newsroom.approve(session, office, issue)
        issues.schedule(session, issue, newsroom.SEND_AT, now=office.now, editor_id=office.editor_id)
        for release in issue.releases:
            assert issues.release(session, office.settings, release, now=newsroom.SEND_AT)
        return issue.id


def test_the_report_tells_what_was_followed_with_its_story(browser: Browser, office: Office, issue_id: int) -> None:
    with database.writing(office.engine) as session:
        link = session.scalars(select(Link).where(Link.target.contains("seminar"))).one()
        links.add(session, {(link.id, "en", date(2026, 12, 1)): 1200, (link.id, "ja+en", date(2026, 12, 2)): 34})

    page = browser.get(f"/desk/issues/{issue_id}/report")

    said = desk.text(page)
    assert "What readers followed 1,234 clicks in all" in said
    assert "Link English Japanese, then English Clicks Seminar seminar.example.org/申込 1,200 34 1,234" in said
    assert f'href="{link.target}" rel="noreferrer"' in page.text


def test_the_desk_counts_readers_of_both_languages_apart(browser: Browser, issue_id: int) -> None:
    said = desk.text(browser.get(f"/desk/issues/{issue_id}"))

    assert "Both in one mail: Japanese, then English" in said


def test_without_links_the_report_says_nothing_of_them(browser: Browser, make: Making) -> None:
    issue_id = make(newsroom.draft)

    assert "What readers followed" not in desk.text(browser.get(f"/desk/issues/{issue_id}/report"))
