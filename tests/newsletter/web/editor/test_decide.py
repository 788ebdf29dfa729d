"""The page behind an approver's mailed link: looked at by anybody, decided by one."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select, update

from newsletter import database, issues, passwords
from newsletter.approvals import mailing
from newsletter.models import Approval, ApprovalTicket, Editor, Issue
from newsletter.web.context import Context
from newsletter.web.editor.login import FAILURES, Attempts
from tests.newsletter import newsroom
from tests.newsletter.newsroom import Office
from tests.newsletter.web.editor import conftest
from tests.newsletter.web.editor.conftest import ORIGIN, PASSWORD, Browser, Make, state, text

Making = Callable[[Make], int]
HASH = passwords.hashed(PASSWORD)


class Phone:
    """A telephone that opens mailed links: no log-in, but it keeps what it is given."""

    def __init__(self, client: TestClient) -> None:
        """Begin without cookies."""
        self._client = client
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Response:
        """Open a page."""
        return self._keep(self._client.get(path, headers=self._headers()))

    def post(self, path: str, *, origin: str = ORIGIN, **fields: str) -> Response:
        """Press a button."""
        return self._keep(self._client.post(path, data=fields, headers={"origin": origin} | self._headers()))

    def _headers(self) -> dict[str, str]:
        return {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def _keep(self, answer: Response) -> Response:
        self.cookies |= dict(answer.cookies)
        self._client.cookies.clear()
        return answer


@pytest.fixture
def phone(client: TestClient) -> Phone:
    return Phone(client)


@pytest.fixture
def issue_id(office: Office, make: Making) -> int:
    """Return an asked issue; Ken, who is to approve it, has a password."""
    with database.writing(office.engine) as session:
        session.execute(update(Editor).where(Editor.id == office.approver_id).values(password_hash=HASH))
    return make(conftest.asked)


@pytest.fixture
def link(office: Office, issue_id: int) -> str:
    """Return the path of the link that Ken's letter holds."""
    (path,) = _links(office, issue_id)
    return path


def _links(office: Office, issue_id: int) -> list[str]:
    with database.reading(office.engine) as session:
        due = mailing.due(session, office.settings, now=office.now, issue_id=issue_id)
    with database.writing(office.engine) as session:
        for one in due:
            mailing.send(session, office.settings, one, now=office.now)
    return [f"/desk/decide/{one.token}" for one in due]


def _words(office: Office) -> list[str]:
    with database.reading(office.engine) as session:
        return list(session.scalars(select(Approval.decision).order_by(Approval.id)))


def test_the_page_shows_the_real_mail_and_opening_it_changes_nothing(phone: Phone, office: Office, link: str) -> None:
    page = phone.get(link)
    frame = phone.get(f"{link}/mail/ja")

    assert page.status_code == 200
    assert 'lang="ja"' in page.text  # Ken reads Japanese
    assert f'src="{link}/mail/en"' in page.text
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == frame.headers["cache-control"] == "no-store"
    assert "sandbox" in frame.headers["content-security-policy"]
    assert "FITフェア" in frame.text
    assert not re.search("zq[0-9a-f]{16}", re.sub(r"<[^>]*>", "", frame.text))
    assert _words(office) == ["asked"]


def test_scanners_that_follow_every_link_decide_nothing(
    phone: Phone, client: TestClient, office: Office, link: str
) -> None:
    found = re.findall(r'(?:href|src|action)="([^"#]*)', phone.get(link).text)
    for path in {*found, f"{link}/give", f"{link}/refuse"}:
        client.get(path)
        client.head(path)

    assert _words(office) == ["asked"]


def test_an_approver_decides_with_the_password_and_the_phone_is_remembered(
    phone: Phone, office: Office, issue_id: int, link: str
) -> None:
    asked = 'name="password"' in phone.get(link).text

    answer = phone.post(f"{link}/give", password=PASSWORD, remember="true")

    assert asked
    assert (answer.status_code, answer.headers["location"]) == (303, link)
    assert state(office, issue_id) == "approved"
    assert "承認済みです" in text(phone.get(link))
    assert "device" in phone.cookies


def test_a_remembered_phone_needs_no_password_and_only_for_its_own_editor(
    phone: Phone, office: Office, context: Context, issue_id: int, link: str
) -> None:
    phone.post(f"{link}/refuse", password=PASSWORD, remember="true", comment="会場名を直してください。")
    mio = conftest.add(office.engine, office.now, "mio@example.org", "Mio", "approver")
    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        newsroom.ask(session, office, issue)
    kens, mios = _links(office, issue_id)
    assert mio.id

    stranger = phone.post(f"{mios}/give")
    known = phone.post(f"{kens}/give")

    assert (stranger.status_code, known.status_code) == (422, 303)
    with database.reading(office.engine) as session:
        given = session.scalars(select(Approval.editor_id).where(Approval.decision == "given")).all()
    assert given == [office.approver_id]
    assert context.settings.approval.required


def test_a_new_password_forgets_every_phone(phone: Phone, office: Office, link: str) -> None:
    phone.post(f"{link}/refuse", password=PASSWORD, remember="true")  # no comment: nothing decided, nothing remembered
    before = dict(phone.cookies)
    phone.post(f"{link}/give", password=PASSWORD, remember="true")
    with database.writing(office.engine) as session:
        changed = update(Editor).where(Editor.id == office.approver_id)
        session.execute(changed.values(password_hash=passwords.hashed("another long sentence")))

    assert before == {}
    assert 'name="password"' not in phone.get(link).text  # nothing is left to decide
    with database.writing(office.engine) as session:
        session.execute(update(Issue).values(state="asked"))
        session.query(Approval).filter(Approval.decision == "given").delete()
    assert 'name="password"' in phone.get(link).text


def test_a_forwarded_link_decides_nothing(phone: Phone, office: Office, link: str) -> None:
    for cookie in ("1.9999999999.00", "1.x.y", f"1.{'9' * 40}.00", "1.1.1", ".."):
        phone.cookies = {"device": cookie}
        assert phone.post(f"{link}/give").status_code == 422
    guessed = phone.post(f"{link}/give", password="guess guess guess")

    assert guessed.status_code == 422
    assert "パスワードが違います" in text(guessed)
    assert _words(office) == ["asked"]


def test_passwords_are_not_guessed_through_a_link(phone: Phone, client: TestClient, office: Office, link: str) -> None:
    attempts: Attempts = client.app.state.attempts  # type: ignore[attr-defined]
    for _ in range(FAILURES):
        attempts.failed("ken@example.org", "testclient")

    answer = phone.post(f"{link}/give", password=PASSWORD)

    assert (answer.status_code, "15分ほど待って" in text(answer)) == (422, True)
    assert _words(office) == ["asked"]


def test_who_is_logged_in_at_the_desk_needs_no_password(
    kens_browser: Browser, browser: Browser, phone: Phone, office: Office, link: str
) -> None:
    phone.cookies = browser.cookies  # Hana opens Ken's letter
    hana = phone.post(f"{link}/give")
    phone.cookies = kens_browser.cookies
    ken = phone.post(f"{link}/give")

    assert (hana.status_code, ken.status_code) == (422, 303)
    assert _words(office) == ["asked", "given"]


def test_another_site_cannot_press_the_button(kens_browser: Browser, phone: Phone, office: Office, link: str) -> None:
    phone.cookies = kens_browser.cookies

    assert phone.post(f"{link}/give", origin="https://evil.test").status_code == 403
    assert _words(office) == ["asked"]


def test_a_replayed_decision_is_shown_and_not_repeated(
    kens_browser: Browser, phone: Phone, office: Office, link: str
) -> None:
    phone.cookies = kens_browser.cookies

    answers = [phone.post(f"{link}/give"), phone.post(f"{link}/give"), phone.post(f"{link}/refuse", comment="No.")]

    assert [one.status_code for one in answers] == [303, 303, 303]
    assert _words(office) == ["asked", "given"]
    assert "承認済みです" in text(phone.get(link))


def test_a_link_to_what_was_changed_says_so_and_shows_nothing_of_it(
    kens_browser: Browser, phone: Phone, office: Office, issue_id: int, link: str
) -> None:
    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        content = issues.content(session, issue)
        texts = content.texts | {"en": content.texts["en"].model_copy(update={"subject": "Other news"})}
        issues.save(session, issue, content.model_copy(update={"texts": texts}), base=1, editor_id=None, now=office.now)
        newsroom.ask(session, office, issue)
    phone.cookies = kens_browser.cookies

    decided = phone.post(f"{link}/give")
    page = phone.get(link)

    assert decided.status_code == 303
    assert "このメールのあとで内容が変更されました" in text(page)
    assert "Other news" not in page.text
    assert phone.get(f"{link}/mail/en").status_code == 404
    assert state(office, issue_id) == "asked"
    (fresh,) = _links(office, issue_id)
    again = phone.get(fresh)
    assert re.search(r"<ins>\s*Other", again.text)


def test_what_a_colleague_decided_is_told(
    kens_browser: Browser, phone: Phone, office: Office, issue_id: int, link: str
) -> None:
    conftest.add(office.engine, office.now, "mio@example.org", "Mio", "approver")
    (mios,) = _links(office, issue_id)
    phone.cookies = kens_browser.cookies
    phone.post(f"{link}/give")

    assert "森健 has already approved it" in text(phone.get(mios))


def test_what_was_sent_back_is_told_with_its_comment(
    kens_browser: Browser, phone: Phone, office: Office, link: str
) -> None:
    phone.cookies = kens_browser.cookies
    phone.post(f"{link}/refuse", comment="<b>会場名</b>を直してください。")

    page = phone.get(f"{link}?lang=en")

    assert "森健 sent it back" in text(page)
    assert "&lt;b&gt;会場名&lt;/b&gt;を直してください。" in page.text
    assert _words(office) == ["asked", "refused"]


def test_a_link_that_nobody_mailed_leads_nowhere(phone: Phone) -> None:
    for token in ("", "x", "a" * 400, "%00", "..%2f..", "日本"):
        assert phone.get(f"/desk/decide/{token}").status_code == 404
        assert phone.post(f"/desk/decide/{token}/give").status_code in (404, 405)


def test_an_old_link_and_that_of_somebody_who_has_left_have_ended(phone: Phone, office: Office, link: str) -> None:
    with database.writing(office.engine) as session:
        session.execute(update(Editor).where(Editor.id == office.approver_id).values(disabled_at=office.now))
    left = [phone.get(link), phone.get(f"{link}/mail/en"), phone.post(f"{link}/give", password=PASSWORD)]
    with database.writing(office.engine) as session:
        session.execute(update(Editor).values(disabled_at=None))
        session.execute(update(ApprovalTicket).values(expires_at=office.now - timedelta(seconds=1)))

    assert [one.status_code for one in left] == [404, 404, 404]
    assert phone.get(link).status_code == 404
    assert "This link has ended" in text(phone.get(f"{link}?lang=en"))
