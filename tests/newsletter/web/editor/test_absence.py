"""Absences are kept by the person, or by an administrator for somebody who cannot."""

from datetime import date

from fastapi.testclient import TestClient

from newsletter import database
from newsletter.models import Editor
from newsletter.web.context import Context
from tests.newsletter.newsroom import Office
from tests.newsletter.web.editor import conftest
from tests.newsletter.web.editor.conftest import Browser, text


def _days(office: Office, editor_id: int) -> tuple[date | None, date | None]:
    with database.reading(office.engine) as session:
        editor = session.get_one(Editor, editor_id)
        return editor.away_from, editor.away_until


def test_an_editor_keeps_and_ends_an_absence(browser: Browser, office: Office) -> None:
    who = str(office.editor_id)
    kept = browser.post("/desk/absences", who=who, first="2026-12-01", last="2026-12-05")
    page = text(browser.get(kept.headers["location"]))
    days = _days(office, office.editor_id)
    browser.post("/desk/absences", who=who)

    assert days == (date(2026, 12, 1), date(2026, 12, 5))
    assert "Hana Mori Tue 1 - Sat 5 Dec 2026" in page
    assert _days(office, office.editor_id) == (None, None)
    assert "Nobody." in text(browser.get("/desk/absences"))


def test_days_that_cannot_be_are_refused_and_kept_in_the_form(browser: Browser, office: Office) -> None:
    for first, last in (("2026-12-05", "2026-12-01"), ("tomorrow", ""), ("2026-12-01", "32")):
        answer = browser.post("/desk/absences", who=str(office.editor_id), first=first, last=last)

        assert answer.status_code == 422
        assert f'value="{first}"' in answer.text
    assert _days(office, office.editor_id) == (None, None)


def test_only_an_administrator_keeps_the_absence_of_a_colleague(
    client: TestClient, context: Context, kens_browser: Browser, office: Office
) -> None:
    boss = conftest.add(office.engine, office.now, "boss@example.org", "Boss", "admin")
    bosss_browser = Browser(client, context, boss)
    who = str(office.editor_id)

    refused = kens_browser.post("/desk/absences", who=who, first="2026-12-01")
    kept = bosss_browser.post("/desk/absences", who=who, first="2026-12-01")
    nobody = bosss_browser.post("/desk/absences", who="999", first="2026-12-01")

    assert (refused.status_code, kept.status_code, nobody.status_code) == (403, 303, 404)
    assert _days(office, office.editor_id) == (date(2026, 12, 1), None)
    assert "from Tue 1 Dec 2026" in text(bosss_browser.get("/desk/absences"))
