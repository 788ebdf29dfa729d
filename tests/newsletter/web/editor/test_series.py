"""Series at the desk: written in a form, looked at, started, agreed to."""

import pytest
from sqlalchemy import select

from newsletter import database, series
from newsletter.models import Series, SeriesApproval
from newsletter.series import standing
from tests.newsletter.newsroom import Office
from tests.newsletter.series import ground
from tests.newsletter.web.editor.conftest import Browser, text

FORM = {
    "rhythm": "nth",
    "interval": "1",
    "weekday": "0",
    "nth": "1",
    "day": "",
    "begins": "2026-11-01",
    "at": "10:00",
    "lead_days": "7",
    "within_days": "62",
    "least": "2",
    "most": "12",
    "closed": "later",
    "approval": "standing",
    "kind": "fair",
    "again": "yes",
    "title-en": "Fair calendar",
    "title-ja": "フェアカレンダー",
    "subject-en": "Fairs in {month}",
    "subject-ja": "{month}のフェア",
    "preheader-en": "All of them",
    "preheader-ja": "すべてのフェア",
    "introduction-en": "Where to meet us.",
    "introduction-ja": "ここで会えます。",
}


def _make(browser: Browser, **changes: str) -> str:
    answer = browser.post("/desk/series/new", **(FORM | changes))
    assert answer.status_code == 303, text(answer)
    return answer.headers["location"].partition("?")[0]


def test_a_series_is_written_looked_at_and_started(browser: Browser, office: Office) -> None:
    with database.writing(office.engine) as session:
        ground.begin(session, office)
    place = _make(browser)

    page = text(browser.get(place))
    assert "It makes no issues until you start it" in page
    assert "Fair 1" in page  # what the next issue would hold today
    assert "Mon 7 Dec 2026, 10:00" in page
    browser.post(f"{place}/start")

    assert "The next issue goes out on Mon 7 Dec 2026, 10:00. It is made on Mon 30 Nov 2026, 10:00." in text(
        browser.get(place)
    )
    assert "Next on Mon 7 Dec 2026" in text(browser.get("/desk/series"))


def test_what_was_typed_comes_back_as_it_was(browser: Browser, office: Office) -> None:
    place = _make(browser, rhythm="week", weekday="2", interval="2")

    form = browser.get(f"{place}/edit")
    with database.reading(office.engine) as session:
        rule = series.rule_of(session.scalars(select(Series)).one())

    assert (rule.rhythm.every, rule.rhythm.weekday, rule.rhythm.interval) == ("week", 2, 2)
    assert rule.texts["en"].introduction.strip() == "<p>Where to meet us.</p>"
    assert ">Where to meet us.</textarea>" in form.text
    assert 'value="week" checked' in form.text
    assert 'value="Fairs in {month}"' in form.text
    assert browser.post(f"{place}/edit", **(FORM | {"base": "1"})).status_code == 303
    assert browser.post(f"{place}/edit", **(FORM | {"base": "1"})).status_code == 409


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subject-ja": ""}, "subject-ja"),
        ({"at": "25:00"}, "at"),
        ({"rhythm": "day", "day": "32"}, "day"),
        ({"interval": "0"}, "interval"),
        ({"least": "many"}, "least"),
        ({"begins": ""}, "begins"),
    ],
)
def test_what_is_wrong_is_marked_and_the_rest_is_kept(browser: Browser, changes: dict[str, str], field: str) -> None:
    answer = browser.post("/desk/series/new", **(FORM | changes))

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert 'value="Fair calendar"' in answer.text


def test_an_approver_agrees_for_some_time_and_takes_it_back(
    browser: Browser, kens_browser: Browser, office: Office
) -> None:
    place = _make(browser)
    with database.reading(office.engine) as session:
        shown = standing.seal(office.settings, session.scalars(select(Series)).one())

    assert "/agree" not in browser.get(place).text
    assert browser.post(f"{place}/agree", shown=shown, until="2027-03-31").status_code == 403
    assert kens_browser.post(f"{place}/agree", shown=shown, until="2036-03-31").status_code == 422
    assert kens_browser.post(f"{place}/agree", shown="old", until="2027-03-31").status_code == 409
    assert kens_browser.post(f"{place}/agree", shown=shown, until="2027-03-31").status_code == 303
    assert "森健 agreed that issues of this series go out by themselves, until Wed 31 Mar 2027" in text(
        browser.get(place)
    )
    browser.post(f"{place}/withdraw")

    assert "包括承認を取り消す" not in text(kens_browser.get(place))
    with database.reading(office.engine) as session:
        assert session.scalars(select(SeriesApproval.decision)).all()[-1] == "voided"


def test_a_moved_day_says_why(browser: Browser) -> None:
    place = _make(browser, rhythm="day", day="25")

    assert "Mon 28 Dec 2026, 10:00 (moved from Fri 25 Dec 2026: Christmas Day)" in text(browser.get(place))
