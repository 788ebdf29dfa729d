"""An issue through a reader's eyes, its source, and a test to colleagues."""

from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import func, select

from newsletter import database
from newsletter.models import Letter
from newsletter.rendering import environment
from subscribers.models import Subscription
from tests.newsletter import newsroom
from tests.newsletter.newsroom import Office
from tests.newsletter.web.editor import conftest
from tests.newsletter.web.editor.conftest import Browser, Make, text

Making = Callable[[Make], int]


def _reader(office: Office, number: int) -> int:
    with database.reading(office.engine) as session:
        return session.scalars(select(Subscription.id).order_by(Subscription.id)).all()[number - 1]


def test_a_reader_is_found_and_their_own_copy_shown(browser: Browser, office: Office, make: Making) -> None:
    issue_id, reader = make(conftest.asked), _reader(office, 3)

    found = browser.post(f"/desk/issues/{issue_id}/readers", who="reader3")
    page = browser.get(f"/desk/issues/{issue_id}/readers/{reader}")
    mail = browser.get(f"/desk/issues/{issue_id}/readers/{reader}/mail")

    assert f'href="/desk/issues/{issue_id}/readers/{reader}"' in found.text
    assert "reader3@example.org" in text(page)
    assert "セミナー" in mail.text
    assert "FITフェア" not in mail.text


def test_a_search_leaves_no_address_in_a_link(browser: Browser, make: Making) -> None:
    issue_id = make(newsroom.draft)

    found = browser.post(f"/desk/issues/{issue_id}/readers", who="reader")

    assert "reader1@example.org" in text(found)
    assert not [link for link in found.text.split('href="')[1:] if "@" in link.split('"')[0]]
    assert "Nobody" not in text(found)
    assert "No reader has that" in text(browser.post(f"/desk/issues/{issue_id}/readers", who="x<script>"))


def test_a_draft_is_seen_through_a_readers_eyes_too(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.draft)

    mail = browser.get(f"/desk/issues/{issue_id}/readers/{_reader(office, 1)}/mail").text

    assert "FIT" in mail
    assert "Seminar" not in mail


def test_who_gets_nothing_is_told_calmly(browser: Browser, office: Office) -> None:
    with database.writing(office.engine) as session:
        issue_id = newsroom.draft(session, office, [newsroom.SEMINAR]).id
    path = f"/desk/issues/{issue_id}/readers/{_reader(office, 1)}"

    page = browser.get(path)

    assert page.status_code == 200
    assert "holds nothing in a topic" in text(page)
    assert browser.get(f"{path}/mail").status_code == 404


def test_source_and_fields_are_those_of_the_message(browser: Browser, office: Office, make: Making) -> None:
    issue_id, reader = make(conftest.asked), _reader(office, 1)
    base = f"/desk/issues/{issue_id}/readers/{reader}"

    source, fields = (text(browser.get(f"{base}?form={form}")) for form in ("source", "headers"))
    message = browser.get(f"{base}/message.eml")

    assert "&lt;!DOCTYPE html&gt;" in source
    for name in ("List-Unsubscribe-Post", "List-Id", "Message-ID", "Content-Language"):
        assert name in fields
    parsed = message_from_bytes(message.content, policy=policy.default)
    assert message.headers["content-type"] == "message/rfc822"
    assert parsed["To"] == "reader1@example.org"
    assert parsed["Subject"] == "News"


@pytest.mark.parametrize("way", ["", "editions/x", "drafts/fr", "readers/99999", "../issues", "editions/1/mail"])
def test_a_way_that_leads_nowhere_is_not_found(browser: Browser, make: Making, way: str) -> None:
    issue_id = make(newsroom.draft)

    assert browser.post(f"/desk/issues/{issue_id}/test", way=way, to="a@example.org").status_code == 404


def test_a_test_goes_to_colleagues_as_a_letter(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.draft)

    answer = browser.post(f"/desk/issues/{issue_id}/test", way="drafts/ja", to="hana@example.org, ken@example.org")
    page = browser.get(answer.headers["location"])

    assert answer.status_code == 303
    assert "The test is on its way." in text(page)
    with database.reading(office.engine) as session:
        letters = session.scalars(select(Letter)).all()
    assert [(letter.kind, letter.to_address) for letter in letters] == [
        ("test", "hana@example.org"),
        ("test", "ken@example.org"),
    ]
    assert letters[0].subject == "[Test] おたより"
    assert "Hana Mori" in letters[0].text


def test_a_test_to_a_stranger_sends_nothing_and_says_why(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.draft)

    answer = browser.post(f"/desk/issues/{issue_id}/test", way="drafts/en", to="hana@example.org x@elsewhere.test")

    assert answer.status_code == 422
    assert "Not an editor and not of the office: x@elsewhere.test" in text(answer)
    assert "hana@example.org x@elsewhere.test" in answer.text
    with database.reading(office.engine) as session:
        assert session.scalar(select(func.count(Letter.id))) == 0


def test_a_mistake_in_a_template_is_shown_with_its_place(
    browser: Browser, make: Making, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail/issue.html.j2").write_text("\n{{ vew.number }}", encoding="utf-8")
    loader = environment.create().loader
    own = environment.create.__wrapped__(tmp_path).loader
    issue_id = make(newsroom.draft)
    assert loader is not None
    monkeypatch.setattr(loader, "searchpath", [*own.searchpath, *loader.searchpath])  # type: ignore[union-attr,attr-defined]
    environment.create().cache.clear()  # type: ignore[union-attr]

    answer = browser.get(f"/desk/issues/{issue_id}/drafts/en")
    monkeypatch.undo()
    environment.create().cache.clear()  # type: ignore[union-attr]

    assert answer.status_code == 422
    assert "mail/issue.html.j2, line 2:" in text(answer)
