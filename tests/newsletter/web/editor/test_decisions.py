"""Asking, approving and sending back."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from newsletter import database, issues
from newsletter.models import Approval, Editor, Issue, Letter
from newsletter.web.context import Context
from tests.newsletter import newsroom
from tests.newsletter.newsroom import Office
from tests.newsletter.web.editor import conftest
from tests.newsletter.web.editor.conftest import Browser, Make, state, text

Making = Callable[[Make], int]


def _hash(office: Office, issue_id: int) -> str:
    with database.reading(office.engine) as session:
        return session.get_one(Issue, issue_id).frozen_hash or ""


def test_asking_freezes_the_issue_and_writes_to_the_approvers(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.draft)

    answer = browser.post(f"/desk/issues/{issue_id}/ask")

    assert answer.headers["location"] == f"/desk/issues/{issue_id}?done=asked"
    assert "Approval has been asked for." in text(browser.get(answer.headers["location"]))
    assert state(office, issue_id) == "asked"
    assert _hash(office, issue_id)
    with database.reading(office.engine) as session:
        assert session.scalars(select(Letter.to_address)).all() == ["ken@example.org"]


def test_an_issue_with_errors_is_not_asked_for_and_the_page_says_why(browser: Browser, office: Office) -> None:
    english_only = newsroom.FAIR.model_copy(update={"texts": {"en": newsroom.FAIR.texts["en"]}})
    with database.writing(office.engine) as session:
        issue_id = newsroom.draft(session, office, [english_only]).id

    answer = browser.post(f"/desk/issues/{issue_id}/ask")

    assert answer.status_code == 422
    assert "Approval has not been asked for, and nothing was changed." in text(answer)
    assert '<li class="error">' in answer.text
    assert state(office, issue_id) == "draft"


def test_an_office_without_approvers_approves_by_asking(client: TestClient, context: Context, office: Office) -> None:
    approval = context.settings.approval.model_copy(update={"required": False})
    alone = Context(
        context.settings.model_copy(update={"approval": approval}),
        context.keys,
        context.engine,
        context.publication_id,
        now=context.now,
    )
    client.app.state.context = alone  # type: ignore[attr-defined]
    with database.writing(office.engine) as session:
        issue_id = newsroom.draft(session, office).id
        hana = session.get_one(Editor, office.editor_id)
    browser = Browser(client, alone, hana)

    before = text(browser.get(f"/desk/issues/{issue_id}"))
    answer = browser.post(f"/desk/issues/{issue_id}/ask")

    assert "Check and approve" in before
    assert answer.headers["location"].endswith("?done=given")
    assert state(office, issue_id) == "approved"


def test_an_approver_approves_exactly_what_was_shown(kens_browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.asked)
    shown = _hash(office, issue_id)

    page = kens_browser.get(f"/desk/issues/{issue_id}")
    answer = kens_browser.post(f"/desk/issues/{issue_id}/give", shown=shown)

    assert f'name="shown" value="{shown}"' in page.text
    assert answer.headers["location"] == f"/desk/issues/{issue_id}?done=given"
    with database.reading(office.engine) as session:
        given = session.scalars(select(Approval).where(Approval.decision == "given")).one()
    assert (given.editor_id, given.frozen_hash) == (office.approver_id, shown)


@pytest.mark.parametrize("shown", ["0" * 64, "", "x"])
def test_what_was_not_shown_cannot_be_approved(kens_browser: Browser, office: Office, make: Making, shown: str) -> None:
    issue_id = make(conftest.asked)

    answer = kens_browser.post(f"/desk/issues/{issue_id}/give", shown=shown)

    assert answer.status_code in (409, 422)
    assert "何も変更していません。" in text(answer)
    assert state(office, issue_id) == "asked"


def test_an_approval_of_a_page_from_before_a_change_is_refused(
    kens_browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(conftest.asked)
    shown = _hash(office, issue_id)
    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        changed = issues.content(session, issue)
        texts = changed.texts | {"en": changed.texts["en"].model_copy(update={"subject": "Other news"})}
        issues.save(session, issue, changed.model_copy(update={"texts": texts}), base=1, editor_id=None, now=office.now)
        newsroom.ask(session, office, issue)

    answer = kens_browser.post(f"/desk/issues/{issue_id}/give", shown=shown)

    assert answer.status_code == 409
    assert "その間に状況が変わりました" in text(answer)
    assert state(office, issue_id) == "asked"


def test_an_editor_who_is_no_approver_cannot_approve_or_send_back(
    browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(conftest.asked)

    given = browser.post(f"/desk/issues/{issue_id}/give", shown=_hash(office, issue_id))
    refused = browser.post(f"/desk/issues/{issue_id}/refuse", comment="No.")

    assert given.status_code == refused.status_code == 403
    assert "That is for approvers" in text(given)
    assert state(office, issue_id) == "asked"


def test_sending_back_needs_a_sentence_and_keeps_it(kens_browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.asked)

    silent = kens_browser.post(f"/desk/issues/{issue_id}/refuse", comment="  ")
    answer = kens_browser.post(f"/desk/issues/{issue_id}/refuse", comment="会場名を直してください。")

    assert silent.status_code == 422
    assert "どこを直せばよいか" in text(silent)
    assert answer.headers["location"] == f"/desk/issues/{issue_id}?done=refused"
    assert state(office, issue_id) == "draft"
    assert "会場名を直してください。" in text(kens_browser.get(f"/desk/issues/{issue_id}"))


def test_a_second_click_says_that_things_have_moved_on(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.draft)
    browser.post(f"/desk/issues/{issue_id}/ask")

    again = browser.post(f"/desk/issues/{issue_id}/ask")

    assert again.status_code == 409
    assert "Nothing was changed." in text(again)
    assert f'href="/desk/issues/{issue_id}"' in again.text
    assert state(office, issue_id) == "asked"


@pytest.mark.parametrize("action", ["ask", "give", "refuse", "schedule", "unschedule", "pause", "resume", "cancel"])
def test_nothing_is_changed_by_opening_an_address(browser: Browser, office: Office, make: Making, action: str) -> None:
    issue_id = make(conftest.asked)

    browser.get(f"/desk/issues/{issue_id}/{action}")
    browser.get(f"/desk/issues/{issue_id}/{action}?csrf={browser.csrf}&comment=x&day=2026-12-01&time=10:00")

    assert state(office, issue_id) == "asked"


@pytest.mark.parametrize("action", ["ask", "give", "refuse", "schedule", "unschedule", "pause", "resume", "cancel"])
def test_no_other_site_can_decide(browser: Browser, office: Office, make: Making, action: str) -> None:
    issue_id = make(newsroom.draft)
    path = f"/desk/issues/{issue_id}/{action}"
    fields = {"shown": "x", "comment": "x", "day": "2026-12-01", "time": "10:00"}

    foreign = browser.forge(path, {"origin": "https://evil.example"}, csrf=browser.csrf, **fields)
    blind = browser.forge(path, {"origin": conftest.ORIGIN}, **fields)

    assert foreign.status_code == blind.status_code == 403
    assert state(office, issue_id) == "draft"
