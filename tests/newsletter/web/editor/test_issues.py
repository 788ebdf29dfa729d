"""The list of issues and the page of one."""

import html
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from newsletter import approvals, checks, database, issues
from newsletter.content import IssueContent, IssueText
from newsletter.models import Issue, Release
from newsletter.web.editor import standing
from tests.newsletter import newsroom
from tests.newsletter.newsroom import SEND_AT, Office
from tests.newsletter.web.editor import conftest
from tests.newsletter.web.editor.conftest import Browser, Make, text

Making = Callable[[Make], int]


@pytest.mark.usefixtures("office")
def test_an_empty_desk_says_how_an_issue_begins(browser: Browser) -> None:
    page = text(browser.get("/desk/issues"))

    assert "There is no issue yet." in page
    assert "folder of texts and pictures" in page


def test_the_list_tells_number_subjects_state_and_time(browser: Browser, make: Making) -> None:
    make(newsroom.scheduled)
    make(newsroom.draft)

    page = text(browser.get("/desk/issues"))

    assert page.index("Issue 2") < page.index("Issue 1")
    assert "Issue 1 News おたより Scheduled Goes out Tue 1 Dec 2026, 10:00" in page
    assert "Issue 2 News おたより Draft Planned for Tue 1 Dec 2026, 10:00" in page


def test_the_list_speaks_japanese_to_who_reads_japanese(kens_browser: Browser, make: Making) -> None:
    make(newsroom.scheduled)

    page = text(kens_browser.get("/desk/issues"))

    assert "第1号" in page
    assert "配信予約済み" in page
    assert "2026年12月1日（火）10:00 配信予定" in page


def test_a_long_list_goes_on_on_another_page(browser: Browser, office: Office) -> None:
    with database.writing(office.engine) as session:
        content = IssueContent(texts={"en": IssueText(subject="News")})
        for _ in range(standing.PAGE + 2):
            issues.create(session, office.settings, office.publication_id, content, editor_id=None, now=office.now)

    first = browser.get("/desk/issues")
    second = browser.get("/desk/issues?before=3")

    assert 'href="/desk/issues?before=3"' in first.text
    assert text(first).count("Draft") == standing.PAGE
    assert "Issue 2" in text(second)
    assert "Issue 3" not in text(second)
    assert "Older issues" not in text(second)


def test_a_subject_is_shown_as_text_and_never_as_markup(browser: Browser, office: Office) -> None:
    nasty = '<script>alert("x")</script>{{ 7*7 }}'
    with database.writing(office.engine) as session:
        content = IssueContent(texts={"en": IssueText(subject=nasty, preheader=nasty)})
        issue = issues.create(session, office.settings, office.publication_id, content, editor_id=None, now=office.now)
        issue_id = issue.id

    for path in ("/desk/issues", f"/desk/issues/{issue_id}"):
        page = browser.get(path)
        assert page.status_code == 200
        assert "<script" not in page.text
        assert "&lt;script&gt;" in page.text
        assert "49" not in text(page)


def test_a_draft_offers_to_ask_for_approval_and_to_look_at_each_language(browser: Browser, make: Making) -> None:
    issue_id = make(newsroom.draft)

    page = browser.get(f"/desk/issues/{issue_id}")

    assert "Nobody outside this desk can see this issue." in text(page)
    assert "Ask for approval" in text(page)
    assert f'href="/desk/issues/{issue_id}/drafts/en"' in page.text
    assert f'href="/desk/issues/{issue_id}/drafts/ja"' in page.text
    assert "Nothing has been asked or decided yet." in text(page)


def test_what_must_be_mended_is_shown_with_its_place_and_the_way_and_nothing_can_be_asked(
    browser: Browser, office: Office
) -> None:
    issue_id = _faulty(office)

    page = browser.get(f"/desk/issues/{issue_id}")

    assert "must be mended" in text(page)
    assert f'action="/desk/issues/{issue_id}/ask"' not in page.text
    assert "Mend its words, stories and times where it is written" in text(page)
    assert '<li class="error">' in page.text


def test_findings_are_worded_in_the_editors_language(kens_browser: Browser, browser: Browser, office: Office) -> None:
    issue_id = _faulty(office)
    with database.reading(office.engine) as session:
        issue = issues.get(session, issue_id)
        said = {
            language: checks.run(session, office.settings, issue, speak=language)[0].message
            for language in ("en", "ja")
        }

    japanese = html.unescape(text(kens_browser.get(f"/desk/issues/{issue_id}")))
    english = html.unescape(text(browser.get(f"/desk/issues/{issue_id}")))

    assert said["ja"] in japanese
    assert "内容を書く画面で直せます" in japanese
    assert said["en"] in english
    assert said["en"] not in japanese


def test_editions_are_listed_with_their_readers_counted_now(browser: Browser, make: Making) -> None:
    issue_id = make(conftest.asked)

    page = text(browser.get(f"/desk/issues/{issue_id}"))

    assert "The numbers are of this moment" in page
    assert "English: The complete issue, 3 stories 0 people" in page
    assert "English: Travel fairs 1, Notices 1 2 people" in page
    assert "English: Notices 1 1 person" in page
    assert "Japanese: Industry and business 1, Notices 1 1 person" in page


def test_who_joins_after_the_freezing_is_counted_with_an_edition_of_theirs(
    browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(conftest.asked)
    with database.writing(office.engine) as session:
        newsroom.reader(session, office, 9, topics=["industry"])

    page = text(browser.get(f"/desk/issues/{issue_id}"))

    assert "English: Notices 1 2 people" in page  # no English edition with the seminar was made: the notice alone fits


def test_editions_of_an_issue_that_is_out_have_the_readers_who_were_enlisted(
    browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(conftest.sending)
    with database.writing(office.engine) as session:
        newsroom.reader(session, office, 9, topics=["fairs"])

    page = text(browser.get(f"/desk/issues/{issue_id}"))

    assert "English: Travel fairs 1, Notices 1 2 people" in page
    assert "The numbers are of this moment" not in page
    assert "It is on its way to 4 people." in page


def test_readers_of_a_language_that_is_still_to_come_are_counted_as_of_now(
    browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(newsroom.scheduled)
    with database.writing(office.engine) as session:
        english = next(one for one in issues.get(session, issue_id).releases if one.language == "en")
        assert issues.release(session, office.settings, english, now=SEND_AT)
        newsroom.reader(session, office, 9, topics=["fairs"])

    page = text(browser.get(f"/desk/issues/{issue_id}"))

    assert "English: Travel fairs 1, Notices 1 2 people" in page
    assert "Japanese: Industry and business 1, Notices 1 1 person" in page
    assert "The numbers are of this moment" in page


@pytest.mark.parametrize(
    ("step", "sentence", "action"),
    [
        (conftest.asked, "Ken", None),
        (newsroom.approved, "Send to 4 people on Tue 1 Dec 2026, 10:00", "schedule"),
        (newsroom.scheduled, "It goes out by itself on Tue 1 Dec 2026, 10:00: to 4 people", "unschedule"),
        (conftest.sending, "Watch the progress", "pause"),
    ],
)
def test_each_state_has_its_own_next_step(
    browser: Browser, make: Making, step: Make, sentence: str, action: str | None
) -> None:
    issue_id = make(step)

    page = browser.get(f"/desk/issues/{issue_id}")

    assert sentence.replace("Ken", "森健") in text(page)
    assert action is None or f'action="/desk/issues/{issue_id}/{action}"' in page.text


def test_only_an_approver_is_offered_to_approve(browser: Browser, kens_browser: Browser, make: Making) -> None:
    issue_id = make(conftest.asked)

    hanas = browser.get(f"/desk/issues/{issue_id}")
    kens = kens_browser.get(f"/desk/issues/{issue_id}")

    assert "/give" not in hanas.text
    assert "waits for 森健" in text(hanas)
    assert "この内容のまま承認する" in text(kens)
    assert f'action="/desk/issues/{issue_id}/refuse"' in kens.text


def test_a_part_that_came_too_late_waits_for_a_decision(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.scheduled)
    with database.writing(office.engine) as session:
        session.execute(update(Release).where(Release.language == "ja").values(state="held"))

    page = text(browser.get(f"/desk/issues/{issue_id}"))
    listed = text(browser.get("/desk/issues"))

    assert "The Japanese part was due on Tue 1 Dec 2026, 10:00." in page
    assert "Send the Japanese part now" in page
    assert "Waiting for your decision" in listed


def test_a_closed_issue_leads_to_its_report(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.sending)
    with database.writing(office.engine) as session:
        session.execute(update(Issue).values(state="closed", closed_at=SEND_AT + timedelta(minutes=3)))

    page = browser.get(f"/desk/issues/{issue_id}")

    assert f'href="/desk/issues/{issue_id}/report"' in page.text
    assert "Cancel for good" not in text(page)
    assert "Sent Tue 1 Dec 2026, 10:03" in text(browser.get("/desk/issues"))


def test_the_record_tells_who_decided_what(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.asked)
    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        approvals.refuse(
            session, office.settings, issue, editor_id=office.approver_id, comment="Which <b>hall</b>?", now=office.now
        )
        content = issues.content(session, issue)
        issues.save(session, issue, content, base=issue.head, editor_id=None, now=office.now)

    page = browser.get(f"/desk/issues/{issue_id}")

    assert "Hana Mori asked for approval." in text(page)
    assert "森健 sent it back." in text(page)
    assert "Which &lt;b&gt;hall&lt;/b&gt;?" in page.text


def test_an_issue_that_does_not_exist_is_said_to_be_missing(browser: Browser) -> None:
    page = browser.get("/desk/issues/999")

    assert page.status_code == 404
    assert "There is nothing here" in text(page)


def test_nothing_of_an_issue_is_shown_to_who_is_not_logged_in(browser: Browser, make: Making) -> None:
    issue_id = make(newsroom.draft)
    browser.cookies = {}

    for path in ("", "/drafts/en", "/drafts/en/mail", "/progress", "/report", "/posts", "/schedule", "/cancel"):
        answer = browser.get(f"/desk/issues/{issue_id}{path}")
        assert answer.status_code == 303
        assert "News" not in answer.text


def _faulty(office: Office) -> int:
    """Return a draft in which a fair has no Japanese words."""
    english_only = newsroom.FAIR.model_copy(update={"texts": {"en": newsroom.FAIR.texts["en"]}})
    with database.writing(office.engine) as session:
        return newsroom.draft(session, office, [english_only, newsroom.NOTICE]).id
