"""Editions as readers will see them, in a frame from which nothing gets out."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from newsletter import database
from newsletter.models import Edition
from newsletter.web.editor import framing
from tests.newsletter import newsroom
from tests.newsletter.newsroom import Office
from tests.newsletter.web.editor import conftest
from tests.newsletter.web.editor.conftest import Browser, Make, text

Making = Callable[[Make], int]


def _edition(office: Office, language: str = "en") -> Edition:
    with database.reading(office.engine) as session:
        return session.scalars(select(Edition).where(Edition.language == language).order_by(Edition.id)).first()  # type: ignore[return-value]


def test_an_edition_is_shown_in_a_frame_without_any_rights(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.asked)
    edition = _edition(office)

    page = browser.get(f"/desk/issues/{issue_id}/editions/{edition.id}")

    assert 'sandbox=""' in page.text
    assert f'src="/desk/issues/{issue_id}/editions/{edition.id}/mail?scheme=light"' in page.text
    assert page.headers["content-security-policy"].endswith("frame-src 'self'")
    assert edition.html not in page.text


def test_the_framed_mail_runs_nothing_sends_nothing_and_opens_nothing(
    browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(conftest.asked)

    mail = browser.get(f"/desk/issues/{issue_id}/editions/{_edition(office).id}/mail")

    assert mail.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: http://127.0.0.1:8025; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox"
    )
    assert mail.text.count('<base target="_blank">') == 1
    assert mail.text.index("<head") < mail.text.index("<base")
    assert "<script" not in mail.text.lower()


def test_a_readers_own_words_are_shown_as_samples(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.asked)
    base = f"/desk/issues/{issue_id}/editions/{_edition(office).id}"

    html = browser.get(f"{base}/mail").text
    plain = browser.get(f"{base}?form=text").text

    for body in (html, plain):
        assert "Reader’s name" in body
        assert "/u/" in body
        assert not re.search(r"zq[0-9a-f]{16}", body)


def test_the_plain_text_is_shown_as_text(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.asked)

    page = browser.get(f"/desk/issues/{issue_id}/editions/{_edition(office).id}?form=text")

    assert "<iframe" not in page.text
    assert '<pre class="mail-text"' in page.text
    assert "Open until Sunday 20 December." in page.text
    assert "Phone" not in text(page)


def test_a_draft_can_be_looked_at_before_anything_is_frozen(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.draft)

    page = browser.get(f"/desk/issues/{issue_id}/drafts/ja")
    mail = browser.get(f"/desk/issues/{issue_id}/drafts/ja/mail")

    assert "おたより" in text(page)
    assert "FITフェア" in mail.text
    with database.reading(office.engine) as session:
        assert session.scalars(select(Edition)).all() == []


def test_a_draft_with_words_missing_says_so_calmly(browser: Browser, office: Office) -> None:
    english_only = newsroom.FAIR.model_copy(update={"texts": {"en": newsroom.FAIR.texts["en"]}})
    with database.writing(office.engine) as session:
        issue_id = newsroom.draft(session, office, [english_only]).id

    answer = browser.get(f"/desk/issues/{issue_id}/drafts/ja")

    assert answer.status_code == 422
    assert "its page says what must be mended" in text(answer)
    assert browser.get(f"/desk/issues/{issue_id}/drafts/en").status_code == 200


def test_an_edition_belongs_to_its_issue(browser: Browser, office: Office, make: Making) -> None:
    make(conftest.asked)
    other = make(newsroom.draft)
    edition_id = _edition(office).id

    assert browser.get(f"/desk/issues/{other}/editions/{edition_id}").status_code == 404
    assert browser.get(f"/desk/issues/{other}/editions/{edition_id}/mail").status_code == 404
    assert browser.get(f"/desk/issues/{other}/editions/9999").status_code == 404
    assert browser.get(f"/desk/issues/{other}/drafts/fr").status_code == 404


def test_the_switches_keep_one_another(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.asked)
    base = f"/desk/issues/{issue_id}/editions/{_edition(office).id}"

    page = browser.get(f"{base}?width=phone&scheme=dark")

    assert f'{base}?form=html&amp;width=wide&amp;scheme=dark"' in page.text
    assert f'{base}?form=html&amp;width=phone&amp;scheme=light"' in page.text
    assert f"{base}/mail?scheme=dark" in page.text
    assert "mail-phone" in page.text


def test_a_position_no_switch_has_is_the_usual_one(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.asked)

    page = browser.get(f'/desk/issues/{issue_id}/editions/{_edition(office).id}?width="><script>&scheme=x&form=y')

    assert page.status_code == 200
    assert "<script>" not in page.text
    assert "mail-wide" in page.text


@pytest.mark.parametrize(
    ("asked", "dark", "light"),
    [
        (
            "@media (prefers-color-scheme: dark) { a {} }",
            "@media (min-width: 0) { a {} }",
            "@media (max-width: 0) { a {} }",
        ),
        (
            "@media screen and ( prefers-color-scheme:LIGHT )",
            "@media screen and (max-width: 0)",
            "@media screen and (min-width: 0)",
        ),
        (":root { color-scheme: light dark; }", ":root { color-scheme: dark; }", ":root { color-scheme: light; }"),
        (
            '<meta name="color-scheme" content="light dark">',
            '<meta name="color-scheme" content="dark">',
            '<meta name="color-scheme" content="light">',
        ),
        ("Buy a light dark lamp", "Buy a light dark lamp", "Buy a light dark lamp"),
    ],
)
def test_a_mail_is_shown_in_the_dark_and_in_the_light(asked: str, dark: str, light: str) -> None:
    assert framing.in_scheme(asked, "dark") == dark
    assert framing.in_scheme(asked, "light") == light


def test_the_real_mail_has_no_question_of_colour_left_open(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.asked)
    base = f"/desk/issues/{issue_id}/editions/{_edition(office).id}/mail"

    dark, light = (browser.get(f"{base}?scheme={scheme}").text for scheme in ("dark", "light"))

    assert "prefers-color-scheme" in _edition(office).html
    for mail in (dark, light):
        assert "prefers-color-scheme" not in mail
    assert framing.ALWAYS in dark
    assert framing.ALWAYS not in light
