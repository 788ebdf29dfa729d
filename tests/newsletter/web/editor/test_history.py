"""The history of an issue: who saved what, what changed, and the way back."""

from collections.abc import Callable

import pytest

from newsletter import database, issues
from tests.newsletter import newsroom
from tests.newsletter.newsroom import Office
from tests.newsletter.web.editor import conftest
from tests.newsletter.web.editor.conftest import Browser, Make, state, text

Making = Callable[[Make], int]


def _reworded(office: Office, issue_id: int, subject: str, *, editor_id: int | None = None) -> None:
    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        content = issues.content(session, issue)
        texts = {**content.texts, "en": content.texts["en"].model_copy(update={"subject": subject})}
        changed = content.model_copy(update={"texts": texts})
        issues.save(session, issue, changed, base=issue.head, editor_id=editor_id, now=office.now)


def test_every_state_is_listed_with_who_saved_it_and_what_changed(
    browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(newsroom.draft)
    _reworded(office, issue_id, "Other <news>", editor_id=office.editor_id)

    page = text(browser.get(f"/desk/issues/{issue_id}/history"))

    assert "Revision 2 As it is now Hana Mori Tue 24 Nov 2026, 10:00 Subject (English)" in page
    assert "Revision 1 The program" in page


def test_a_long_history_is_cut_into_pages(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.draft)
    for number in range(22):
        _reworded(office, issue_id, f"Subject {number}")

    first = browser.get(f"/desk/issues/{issue_id}/history")
    second = browser.get(f"/desk/issues/{issue_id}/history?before=4")

    assert "before=4" in first.text
    assert [f"Revision {number} " in text(second).partition("Compare")[0] for number in (4, 3, 1)] == [
        False,
        True,
        True,
    ]


def test_a_difference_marks_what_is_gone_and_what_is_new_as_data(
    browser: Browser, kens_browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(newsroom.draft)
    _reworded(office, issue_id, "News of <b>fairs</b>")

    page = browser.get(f"/desk/issues/{issue_id}/history/compare?old=2&new=1")

    assert "From revision 1 to revision 2" in text(page)
    assert "<ins> of &lt;b&gt;fairs&lt;/b&gt;</ins>" in page.text
    assert "改訂1から改訂2への変更" in text(kens_browser.get(f"/desk/issues/{issue_id}/history/compare?old=1&new=2"))


@pytest.mark.parametrize("query", ["", "?old=1", "?old=0&new=1", "?old=1&new=3", "?old=-1&new=1", "?old=x&new=1"])
def test_a_state_that_never_was_is_not_found(browser: Browser, make: Making, query: str) -> None:
    issue_id = make(newsroom.draft)

    assert browser.get(f"/desk/issues/{issue_id}/history/compare{query}").status_code in (404, 422)


def test_going_back_makes_a_new_state_and_ends_the_approval(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.draft)
    _reworded(office, issue_id, "Worse")
    with database.writing(office.engine) as session:
        newsroom.approve(session, office, issues.get(session, issue_id))

    answer = browser.post(f"/desk/issues/{issue_id}/history/1/restore", base="2")

    assert answer.headers["location"] == f"/desk/issues/{issue_id}/compose?done=restored"
    assert state(office, issue_id) == "draft"
    with database.reading(office.engine) as session:
        issue = issues.get(session, issue_id)
        assert (issue.head, issues.content(session, issue).texts["en"].subject) == (3, "News")


def test_going_back_from_an_old_page_is_refused(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.draft)
    _reworded(office, issue_id, "A colleague's")

    assert browser.post(f"/desk/issues/{issue_id}/history/1/restore", base="1").status_code == 409


def test_what_has_gone_out_shows_its_history_and_no_way_back(browser: Browser, make: Making) -> None:
    issue_id = make(conftest.sending)

    assert browser.get(f"/desk/issues/{issue_id}/history").status_code == 200
    assert browser.post(f"/desk/issues/{issue_id}/history/1/restore", base="1").status_code == 409
