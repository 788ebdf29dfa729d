"""At the desk an issue is sent again, to those who failed and to those who may have it; a late part gets a time."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select, update

from newsletter import database
from newsletter.models import Delivery, Issue, Release
from tests.newsletter import newsroom
from tests.newsletter.newsroom import SEND_AT, Office
from tests.newsletter.web.editor import conftest
from tests.newsletter.web.editor.conftest import Browser, Make, settle, text

Making = Callable[[Make], int]


def closed(office: Office, make: Making, *states: str) -> int:
    """Return a closed issue whose answers came a day ago."""
    issue_id = make(conftest.sending)
    settle(office, issue_id, *states)
    with database.writing(office.engine) as session:
        session.execute(update(Issue).values(state="closed", closed_at=SEND_AT))
        reasons = update(Delivery).where(Delivery.state == "refused").values(reason="mailbox_full")
        session.execute(reasons)
        session.execute(update(Delivery).values(settled_at=office.now - timedelta(days=1)))
    return issue_id


def rows(office: Office) -> dict[str, str]:
    """Return every delivery's id and state."""
    with database.reading(office.engine) as session:
        found = session.execute(select(Delivery.id, Delivery.state).order_by(Delivery.id))
        return {str(number): state for number, state in found}


def test_those_who_failed_are_counted_and_sent_it_again(browser: Browser, office: Office, make: Making) -> None:
    issue_id = closed(office, make, "sent", "refused", "refused", "given_up")

    page = text(browser.get(f"/desk/issues/{issue_id}/again"))
    answer = browser.post(f"/desk/issues/{issue_id}/again", reason="mailbox_full")

    assert "mailbox full 2 people" in page
    assert "Send again to all 3 people" in page
    assert answer.status_code == 303
    assert list(rows(office).values()) == ["sent", "queued", "queued", "given_up"]
    assert "On its way again." in text(browser.get(answer.headers["location"]))


def test_pressing_twice_is_answered_calmly_and_sends_once(browser: Browser, office: Office, make: Making) -> None:
    issue_id = closed(office, make, "sent", "refused", "sent", "sent")
    browser.post(f"/desk/issues/{issue_id}/again", reason="all")

    assert browser.post(f"/desk/issues/{issue_id}/again", reason="all").status_code == 409
    assert list(rows(office).values()).count("queued") == 1


def test_who_may_have_it_is_named_with_what_remains_of_doubt(browser: Browser, office: Office, make: Making) -> None:
    issue_id = closed(office, make, "uncertain", "uncertain", "sent", "sent")
    first, second, *_ = rows(office)

    page = text(browser.get(f"/desk/issues/{issue_id}/again"))
    browser.post(f"/desk/issues/{issue_id}/doubts/again", delivery=first)
    browser.post(f"/desk/issues/{issue_id}/doubts/leave", delivery=second)

    assert "may wake up later and send its copy after all" in page
    assert [rows(office)[one] for one in (first, second)] == ["queued", "uncertain"]
    assert "left as it is" in text(browser.get(f"/desk/issues/{issue_id}/again"))


def test_what_is_left_is_not_among_all(browser: Browser, office: Office, make: Making) -> None:
    issue_id = closed(office, make, "uncertain", "uncertain", "uncertain", "sent")
    first, *_ = rows(office)
    browser.post(f"/desk/issues/{issue_id}/doubts/leave", delivery=first)

    browser.post(f"/desk/issues/{issue_id}/doubts/again", delivery="all")

    assert list(rows(office).values()) == ["uncertain", "queued", "queued", "sent"]


def test_too_early_there_is_a_time_and_no_button(browser: Browser, office: Office, make: Making) -> None:
    issue_id = closed(office, make, "uncertain", "sent", "sent", "sent")
    with database.writing(office.engine) as session:
        session.execute(update(Delivery).values(settled_at=office.now))
    first, *_ = rows(office)

    page = browser.get(f"/desk/issues/{issue_id}/again")

    assert "Can be sent again from" in text(page)
    assert "/doubts/again" not in page.text
    assert browser.post(f"/desk/issues/{issue_id}/doubts/again", delivery=first).status_code == 409


def test_a_late_part_gets_another_time_also_while_another_language_is_out(
    browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(newsroom.scheduled)
    with database.writing(office.engine) as session:
        session.execute(update(Release).values(state="held", due_at=office.now))
        held = session.scalars(select(Release).where(Release.language == "ja")).one().id
        session.execute(update(Release).where(Release.language == "en").values(state="released"))
        session.execute(update(Issue).values(state="sending"))
    place = f"/desk/issues/{issue_id}/releases/{held}/time"

    assert "Choose another time" in text(browser.get(f"/desk/issues/{issue_id}"))
    assert "Another time for the Japanese part" in text(browser.get(place))
    assert browser.post(place, day="2026-12-01", time="soon").status_code == 422
    answer = browser.post(place, day="2026-12-01", time="15:00")

    assert answer.status_code == 303
    with database.reading(office.engine) as session:
        assert session.get_one(Release, held).state == "planned"
    assert browser.post(place, day="2026-12-01", time="15:00").status_code == 409


def test_a_pause_is_told_in_the_language_of_whoever_looks(
    browser: Browser, kens_browser: Browser, make: Making
) -> None:
    issue_id = make(conftest.sending)
    browser.post(f"/desk/issues/{issue_id}/pause")

    assert "Paused by Hana Mori." in text(browser.get(f"/desk/issues/{issue_id}"))
    assert "Hana Moriさんが一時停止しました" in text(kens_browser.get(f"/desk/issues/{issue_id}"))
