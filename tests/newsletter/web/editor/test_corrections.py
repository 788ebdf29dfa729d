"""Corrections at the desk: paused at once, put right once, approved by somebody else, and told to whom it concerns."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from newsletter import corrections, database
from newsletter.models import Correction, Issue, Release
from tests.newsletter import newsroom
from tests.newsletter.corrections import ground as lay
from tests.newsletter.corrections.ground import Ground
from tests.newsletter.newsroom import Office
from tests.newsletter.web.editor.conftest import Browser, text


@pytest.fixture
def ground(office: Office) -> Ground:
    return lay.lay(office, first=11)


def _begin(browser: Browser, ground: Ground) -> str:
    """Begin a correction of the fair; return where it stands."""
    answer = browser.post(f"/desk/issues/{ground.issue_id}/correct", story=str(ground.fair))
    assert answer.status_code == 303
    return answer.headers["location"].partition("?")[0]


def _fields(**more: str) -> dict[str, str]:
    return {"base": "1", "note-en": lay.NOTES["en"], "note-ja": lay.NOTES["ja"], **more}


def _ask(browser: Browser, ground: Ground, place: str) -> None:
    answer = browser.post(f"{place}/ask", **_fields(story=str(ground.fair)))
    if answer.status_code == 422:  # warnings: look at them, let them stand
        stands = [part.partition('"')[0] for part in answer.text.split('name="stands" value="')[1:]]
        for one in stands:
            answer = browser.post(f"{place}/ask", **_fields(story=str(ground.fair), base="2", stands=one))
    assert answer.status_code == 303, text(answer)


def test_from_the_mistake_to_the_approved_correction(browser: Browser, kens_browser: Browser, ground: Ground) -> None:
    place = _begin(browser, ground)
    assert "is paused" in text(browser.get(place))
    lay.put_right(ground)
    assert "Sat 19 Dec 2026" in text(browser.get(place))  # what readers were told, and what they will be told

    _ask(browser, ground, place)

    page = kens_browser.get(place)
    assert lay.NOTES["ja"] in text(page)
    assert "Correction: FIT" in text(page)
    assert lay.NOTES["en"] in browser.get(f"{place}/mail/en").text
    with database.reading(ground.office.engine) as session:
        shown = session.scalars(select(Correction.frozen_hash)).one()
    assert kens_browser.post(f"{place}/give", shown=shown or "").status_code == 303
    with database.reading(ground.office.engine) as session:
        assert session.scalars(select(Correction.state)).one() == "approved"


def test_whoever_may_not_decide_is_shown_no_button_and_is_refused(browser: Browser, ground: Ground) -> None:
    place = _begin(browser, ground)
    lay.put_right(ground)
    _ask(browser, ground, place)

    assert "/give" not in browser.get(place).text
    assert browser.post(f"{place}/give", shown="x").status_code in (403, 409)


@pytest.mark.parametrize(
    ("change", "fields", "said"),
    [
        (False, {}, "Nothing has been changed"),
        (True, {"note-ja": ""}, "in each language"),
        (True, {"story": ""}, "Choose at least one story"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    browser: Browser,
    ground: Ground,
    change: bool,  # noqa: FBT001 - a table
    fields: dict[str, str],
    said: str,
) -> None:
    place = _begin(browser, ground)
    if change:
        lay.put_right(ground)

    answer = browser.post(f"{place}/ask", **(_fields(story=str(ground.fair)) | fields))

    assert answer.status_code == 422
    assert said in text(answer)
    assert lay.NOTES["en"] in answer.text


def test_an_approver_sends_it_back_with_a_sentence(browser: Browser, kens_browser: Browser, ground: Ground) -> None:
    place = _begin(browser, ground)
    lay.put_right(ground)
    _ask(browser, ground, place)

    assert kens_browser.post(f"{place}/refuse", comment=" ").status_code == 422
    kens_browser.post(f"{place}/refuse", comment="会場も違います。")

    page = text(browser.get(place))
    assert "会場も違います。" in page
    assert "Ask for approval of the correction" in page


def test_an_issue_paused_for_its_correction_leads_to_it(browser: Browser, ground: Ground) -> None:
    place = _begin(browser, ground)

    page = browser.get(f"/desk/issues/{ground.issue_id}").text

    assert f'class="button" href="{place}"' in page
    assert '<button class="quiet">Go on</button>' in page


def test_a_correction_given_up_leaves_the_issue_paused(browser: Browser, ground: Ground) -> None:
    place = _begin(browser, ground)

    assert browser.post(f"{place}/drop").status_code == 303

    with database.reading(ground.office.engine) as session:
        assert session.get_one(Issue, ground.issue_id).paused_at is not None
        assert session.scalars(select(Correction.state)).one() == "dropped"


def test_a_question_is_taken_back_by_whoever_asked(browser: Browser, ground: Ground) -> None:
    place = _begin(browser, ground)
    lay.put_right(ground)
    _ask(browser, ground, place)
    assert "Withdraw the request" in text(browser.get(place))

    assert browser.post(f"{place}/take-back").status_code == 303

    assert "Ask for approval of the correction" in text(browser.get(place))
    assert browser.post(f"{place}/take-back").status_code == 409


def test_a_fair_called_off_is_offered_and_the_list_names_what_is_being_corrected(
    browser: Browser, kens_browser: Browser, ground: Ground
) -> None:
    lay.put_right(ground, lay.RIGHT.model_copy(update={"status": "cancelled"}))

    assert "Cancelled FIT" in text(browser.get("/desk/corrections"))
    assert "Readers of issue 1 were told something else." in text(browser.get(f"/desk/stories/{ground.fair}"))
    place = _begin(browser, ground)
    page = browser.get(place)
    assert "“FIT” has been cancelled." in page.text  # suggested, to be made one's own
    listed = text(kens_browser.get("/desk/corrections"))
    assert "準備中" in listed
    assert "読者に知らせる" not in listed


def test_short_issues_stand_with_what_they_correct_and_in_no_list(browser: Browser, ground: Ground) -> None:
    place = _begin(browser, ground)
    with database.reading(ground.office.engine) as session:
        short = corrections.short_of(session, session.scalars(select(Correction)).one())

    assert "Issue -1" not in text(browser.get("/desk/issues"))
    assert browser.get(f"/desk/issues/{short.id}").headers["location"] == place


def test_an_issue_that_nobody_has_got_cannot_be_corrected(browser: Browser, make: Callable[..., int]) -> None:
    issue_id = make(newsroom.draft)

    assert browser.get(f"/desk/issues/{issue_id}/correct").status_code == 422
    assert "Correct a story" not in text(browser.get(f"/desk/issues/{issue_id}"))


def test_an_introduction_is_corrected_and_shown_before_it_is_approved(browser: Browser, ground: Ground) -> None:
    answer = browser.post(f"/desk/issues/{ground.issue_id}/correct", own="yes")
    place = answer.headers["location"].partition("?")[0]
    fields = {"introduction-en": "The **Minister** opens it.", "subject-en": "News", "preheader-en": "What is new"}

    browser.post(place, base="1", **fields)

    page = browser.get(place)
    assert "The **Minister** opens it." in text(page)
    assert "What we wrote at the beginning" in text(page)  # a first wording
    answer = browser.post(f"{place}/ask", base="2", **fields, **{"note-en": "We named the wrong person."})
    assert answer.status_code == 303, text(answer)
    assert "Minister" in browser.get(f"{place}/mail/en").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"introduction-en": "# A heading"}, "Headings"),
        ({"subject-en": " "}, "needs a subject"),
        ({"preheader-en": "x" * 301}, "too long"),
    ],
)
def test_own_words_that_cannot_be_are_refused_and_what_was_typed_is_kept(
    browser: Browser, ground: Ground, fields: dict[str, str], said: str
) -> None:
    place = _begin(browser, ground)

    answer = browser.post(place, **_fields(story=str(ground.fair)), **fields)

    assert answer.status_code == 422
    assert said in text(answer)
    assert lay.NOTES["en"] in answer.text
    assert fields.get("introduction-en", "") in answer.text


def test_a_part_with_yesterdays_date_is_dated_anew_or_sent_as_it_is(browser: Browser, ground: Ground) -> None:
    office = ground.office
    with database.writing(office.engine) as session:
        issue = session.get_one(Issue, ground.issue_id)
        issue.frozen_days = '{"ja": ["2026-11-22T00:00:00+08:00", "2026-11-23T00:00:00+08:00"]}'
        release = next(one for one in issue.releases if one.language == "ja")
        release.state, number = "held", release.id
    page = f"/desk/issues/{ground.issue_id}"
    assert "Send the Japanese part as it is printed" in text(browser.get(page))

    answer = browser.post(f"{page}/redate")

    place = answer.headers["location"].partition("?")[0]
    assert "The Japanese part still waits" in text(browser.get(place))
    assert browser.post(f"{page}/releases/{number}/send").status_code == 409
    browser.post(f"{page}/releases/{number}/send", as_printed="yes")
    with database.reading(office.engine) as session:
        release = session.get_one(Release, number)
        assert (release.state, release.as_printed) == ("planned", True)
