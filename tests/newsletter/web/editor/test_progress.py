"""How far an issue has come, and the closing report, in sentences that add up."""

from collections.abc import Callable

from sqlalchemy import update

from newsletter import database, words
from newsletter.delivery.outbox import FINAL
from newsletter.delivery.outbox import OPEN as OPEN_STATES
from newsletter.models import Issue
from newsletter.web.editor import report, sentences
from subscribers.models import Subscriber
from tests.newsletter import newsroom
from tests.newsletter.newsroom import SEND_AT, Office
from tests.newsletter.web.editor import conftest
from tests.newsletter.web.editor.conftest import Browser, Make, settle, text

Making = Callable[[Make], int]


def test_every_state_of_a_delivery_is_either_open_or_an_outcome() -> None:
    assert set(sentences.OPEN) == set(OPEN_STATES)
    assert set(sentences.OUTCOMES) == set(FINAL)


def test_each_thing_that_happened_has_its_sentence_and_nothing_else_is_told() -> None:
    english = words.load("desk", "en")

    told = sentences.lines(english, {"sent": 1200, "on_wire": 3, "queued": 4, "deferred": 1, "uncertain": 2})

    assert [(line.name, line.number) for line in told] == [
        ("sent", 1200),
        ("waiting", 7),
        ("deferred", 1),
        ("uncertain", 2),
    ]
    assert told[0].sentence == "Sent: 1,200 people."
    assert told[3].sentence == "May have arrived: 2 people. We will not send again unless you say so."


def test_everything_can_be_said_in_both_languages() -> None:
    counts = dict.fromkeys((*sentences.OPEN, *sentences.OUTCOMES), 1)

    for language in words.languages("desk"):
        assert len(sentences.lines(words.load("desk", language), counts)) == 8


def test_the_progress_is_told_and_looked_at_again(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.sending)
    settle(office, issue_id, "sent", "refused", "queued", "uncertain")

    page = browser.get(f"/desk/issues/{issue_id}/progress")

    assert "3 of 4 people are settled." in text(page)
    assert '<progress max="4" value="3"' in page.text
    assert "Sent: 1 person." in text(page)
    assert "May have arrived: 1 person." in text(page)
    assert "The English page is public." in text(page)
    assert page.headers["refresh"] == "5"
    assert "looks again by itself every 5 seconds" in text(page)


def test_looking_again_can_be_stopped(browser: Browser, make: Making) -> None:
    issue_id = make(conftest.sending)

    page = browser.get(f"/desk/issues/{issue_id}/progress?still=yes")

    assert "refresh" not in page.headers
    assert "Look again by itself" in text(page)


def test_what_does_not_move_is_not_looked_at_again(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.sending)
    browser.post(f"/desk/issues/{issue_id}/pause")
    paused = browser.get(f"/desk/issues/{issue_id}/progress")
    with database.writing(office.engine) as session:
        session.execute(update(Issue).values(state="closed", closed_at=SEND_AT, paused_at=None))
    closed = browser.get(f"/desk/issues/{issue_id}/progress")

    assert "Paused by Hana Mori." in text(paused)
    assert "Issue 1 has gone out" in text(closed)
    assert "refresh" not in paused.headers
    assert "refresh" not in closed.headers
    assert f'href="/desk/issues/{issue_id}/report"' in closed.text


def test_before_the_release_there_is_nothing_to_tell_but_the_time(browser: Browser, make: Making) -> None:
    issue_id = make(newsroom.scheduled)

    page = text(browser.get(f"/desk/issues/{issue_id}/progress"))

    assert "It has not begun yet." in page
    assert "The Japanese part goes out on Tue 1 Dec 2026, 10:00." in page


def test_the_report_adds_up_and_names_who_may_have_it(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.sending)
    settle(office, issue_id, "sent", "uncertain", "refused", "sent")
    with database.writing(office.engine) as session:
        session.execute(
            update(Subscriber).where(Subscriber.email == "reader2@example.org").values(name="<b>Tan</b> Mei Ling")
        )
        session.execute(update(Issue).values(state="closed", closed_at=SEND_AT))

    page = browser.get(f"/desk/issues/{issue_id}/report")

    assert "Complete since Tue 1 Dec 2026, 10:00." in text(page)
    assert "The sum adds up." in text(page)
    assert "&lt;b&gt;Tan&lt;/b&gt; Mei Ling" in page.text
    assert "reader2@example.org" in text(page)
    assert "reader1@example.org" not in page.text
    assert "Language Sent Refused May have arrived English 1 1 1 Japanese 1 0 0" in text(page)


def test_somebody_erased_since_is_counted_and_not_named(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.sending)
    settle(office, issue_id, "uncertain", "sent", "sent", "sent")
    with database.writing(office.engine) as session:
        session.execute(update(Subscriber).values(email=None, email_key=None, name=""))

    page = text(browser.get(f"/desk/issues/{issue_id}/report"))

    assert "And 1 person more." in page
    assert "erased since" in page


def test_the_report_is_told_in_japanese(kens_browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.sending)
    settle(office, issue_id, "sent", "sent", "sent", "sent")

    page = text(kens_browser.get(f"/desk/issues/{issue_id}/report"))

    assert "第1号の報告" in page
    assert "まだ結果の出ていない方がいます。" in page
    assert "言語別" in page


def test_a_grid_has_columns_only_for_what_happened() -> None:
    grid = report.grid({"en": {"sent": 3, "queued": 1, "on_wire": 1}, "ja": {"refused": 2}})

    assert grid.columns == ["sent", "refused", "open"]
    assert grid.rows == [("en", [3, 0, 2]), ("ja", [0, 2, 0])]
