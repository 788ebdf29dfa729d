"""The link of the office copy holds mail, page and post with one press."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from newsletter import database, issues
from newsletter.approvals import office_copies
from newsletter.delivery import whys
from newsletter.models import Editor, Issue
from tests.newsletter import newsroom
from tests.newsletter.newsroom import SEND_AT, Office
from tests.newsletter.web.editor.conftest import ORIGIN, Make, text

Making = Callable[[Make], int]


@pytest.fixture
def link(office: Office, make: Making) -> str:
    """Return the path of the link in Hana's copy of a scheduled issue."""
    make(newsroom.scheduled)
    approval = office.settings.approval.model_copy(update={"office_copy_minutes": 30})
    settings = office.settings.model_copy(update={"approval": approval})
    with database.reading(office.engine) as session:
        copies = office_copies.due(session, settings, now=SEND_AT - timedelta(minutes=30))
    with database.writing(office.engine) as session:
        assert all(office_copies.send(session, one, now=office.now) for one in copies)
    return next(f"/desk/hold/{token}" for editor_id, *_, token, _ in copies[0].letters if editor_id == office.editor_id)


def _paused(office: Office) -> str | None:
    with database.reading(office.engine) as session:
        return session.query(Issue.paused_reason).scalar()  # type: ignore[no-any-return]


def test_opening_the_link_asks_and_changes_nothing(client: TestClient, office: Office, link: str) -> None:
    page = client.get(link)
    client.head(link)

    assert "Hold issue 1?" in text(page)
    assert "It goes to readers on Tue 1 Dec 2026, 10:00" in text(page)
    assert _paused(office) is None


def test_one_press_holds_and_a_second_changes_nothing(client: TestClient, office: Office, link: str) -> None:
    answers = [client.post(link, headers={"origin": ORIGIN}) for _ in range(2)]

    assert [one.status_code for one in answers] == [303, 303]
    assert whys.told(_paused(office), "en") == "Hana Mori held it after seeing the office copy."
    assert "Mail, pages and posts wait" in text(client.get(link))


def test_another_site_cannot_hold(client: TestClient, office: Office, link: str) -> None:
    assert client.post(link, headers={"origin": "https://evil.test"}).status_code == 403
    assert _paused(office) is None


def test_what_is_over_cannot_be_held_and_the_page_says_so(client: TestClient, office: Office, link: str) -> None:
    with database.writing(office.engine) as session:
        issues.cancel(session, session.query(Issue).one(), now=office.now, editor_id=None)

    assert client.post(link, headers={"origin": ORIGIN}).status_code == 303
    assert "nothing to hold" in text(client.get(link))


def test_the_link_of_somebody_who_has_left_has_ended(client: TestClient, office: Office, link: str) -> None:
    with database.writing(office.engine) as session:
        session.execute(update(Editor).values(disabled_at=office.now))

    assert client.post(link, headers={"origin": ORIGIN}).status_code == 404
    assert client.get(link).status_code == 404
    assert _paused(office) is None
