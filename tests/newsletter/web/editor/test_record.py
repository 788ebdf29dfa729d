"""The record of an approval on one sheet."""

from collections.abc import Callable

from sqlalchemy import update

from newsletter import approvals, database, issues
from newsletter.models import Post
from tests.newsletter import newsroom
from tests.newsletter.newsroom import Office
from tests.newsletter.web.editor import conftest
from tests.newsletter.web.editor.conftest import Browser, Make, text

Making = Callable[[Make], int]


def test_the_record_says_who_agreed_to_what_and_that_it_is_still_that(
    browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(newsroom.scheduled)

    page = text(browser.get(f"/desk/issues/{issue_id}/record"))
    with database.writing(office.engine) as session:
        session.execute(update(Post).values(text="Something nobody saw"))
    altered = text(browser.get(f"/desk/issues/{issue_id}/record"))

    assert "Record of approval" in page
    assert "Approver 森健 Tue 24 Nov 2026, 10:00" in page
    assert "Hana Mori asked" in page
    assert "What is stored is what was approved." in page
    assert "What is stored is not what was approved." in altered


def test_a_long_history_is_cut_to_one_sheet(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.asked)
    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        for _ in range(10):
            approvals.lines.add(
                session, issue, "refused", editor_id=office.approver_id, now=office.now, comment="再" * 400
            )

    with database.writing(office.engine) as session:
        for _ in range(5):
            approvals.lines.add(session, issues.get(session, issue_id), "voided", editor_id=None, now=office.now)
    page = text(browser.get(f"/desk/issues/{issue_id}/record"))

    assert "4 earlier lines" in page
    assert "再" * 141 not in page
    assert "再 …" in page
