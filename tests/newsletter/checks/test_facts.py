"""Past events, deadlines, choices, audience, size and templates."""

import dataclasses
from datetime import date

import pytest

from newsletter import database
from newsletter.checks import audience, choice, post, running, size, templates, unsubscribe
from newsletter.content import Food, FoodText, IssueText, Notice, Report
from newsletter.errors import TemplateError
from newsletter.rendering.editions import Rendered
from newsletter.rendering.views import AnyStory
from tests.newsletter import newsroom
from tests.newsletter.checks.inspection import Inspection, fair, subjects, texts
from tests.newsletter.newsroom import FAIR, NOTICE, SEMINAR, STORIES

FOOD = Food(texts={"en": FoodText(title="Yuzu"), "ja": FoodText(title="ゆず")})
REPORT = Report(texts=texts(en="It was good", ja="よかったです"))


@pytest.mark.parametrize(
    ("story", "what"),
    [
        (fair(starts=date(2026, 11, 27), ends=date(2026, 11, 30)), "over"),
        (fair(starts=date(2026, 11, 30), ends=None), "over"),
        (fair(starts=date(2026, 12, 20), ends=date(2026, 12, 17)), "ends before it begins"),
        (FOOD.model_copy(update={"ends": date(2026, 11, 30)}), "over"),
        (NOTICE.model_copy(update={"starts": date(2026, 11, 30)}), "over"),
        (REPORT.model_copy(update={"happened": date(2026, 12, 2)}), "not happened yet"),
    ],
)
def test_what_is_announced_must_lie_ahead(inspection: Inspection, story: AnyStory, what: str) -> None:
    (finding,) = inspection.find([story])

    assert (finding.check, finding.severity) == ("past", "error")
    assert what in finding.message


@pytest.mark.parametrize(
    "story",
    [
        fair(starts=date(2026, 11, 27), ends=date(2026, 12, 1)),
        fair(starts=date(2026, 11, 1), ends=None, status="cancelled"),
        fair(starts=None, ends=None, status="postponed"),
        FOOD,
        NOTICE.model_copy(update={"starts": date(2026, 12, 1)}),
        REPORT.model_copy(update={"happened": date(2026, 12, 1)}),
        REPORT,
    ],
)
def test_what_is_on_or_called_off_or_undated_raises_no_alarm(inspection: Inspection, story: AnyStory) -> None:
    assert inspection.find([story]) == []


def test_a_planned_fair_without_a_date_is_warned_of(inspection: Inspection) -> None:
    (finding,) = inspection.find([fair(starts=None, ends=None)])

    assert (finding.check, finding.severity) == ("past", "warning")


@pytest.mark.parametrize(("day", "severity"), [(30, "error"), (1, "warning")])
def test_a_deadline_before_the_readers_know_of_it_is_found(inspection: Inspection, day: int, severity: str) -> None:
    deadline = date(2026, 11, day) if day == 30 else date(2026, 12, day)

    (finding,) = inspection.find([SEMINAR.model_copy(update={"deadline": deadline})])

    assert (finding.check, finding.severity) == ("deadline", severity)


def test_an_issue_needs_a_story(inspection: Inspection) -> None:
    (finding,) = inspection.find([])

    assert (finding.check, finding.severity) == ("choice", "error")


def test_unknown_topics_and_countries_are_errors_and_break_nothing_else(inspection: Inspection) -> None:
    material = inspection.material([FAIR.model_copy(update={"topic": "sports", "countries": ("FR",)})])

    found = running.examine(material)

    assert [one.check for one in found if one.severity == "error"] == ["choice", "choice"]
    assert list(audience.check(material)) == []
    assert len(list(choice.check(material))) == 2


def test_a_language_in_which_nobody_would_get_it_is_warned_of(inspection: Inspection) -> None:
    with database.writing(inspection.office.engine) as session:
        newsroom.reader(session, inspection.office, 1, language="ja", topics=["fairs"])
        newsroom.reader(session, inspection.office, 2, language="en", topics=["food"])

    found = list(audience.check(inspection.material([FAIR])))

    assert [(one.severity, one.language) for one in found] == [("warning", "en")]


def _rendered(html: str, text: str) -> Rendered:
    return Rendered("s", html, text, {"unsubscribe_url": "zqurlqz", "unsubscribe_address": "zqaddressqz"})


@pytest.mark.parametrize(
    ("html", "text", "missing"),
    [
        ("zqurlqz zqaddressqz", "zqurlqz zqaddressqz", 0),
        ("zqurlqz", "zqurlqz zqaddressqz", 1),
        ("zqurlqz zqaddressqz", "zqaddressqz", 1),
    ],
)
def test_a_mail_that_cannot_be_left_is_an_error(inspection: Inspection, html: str, text: str, missing: int) -> None:
    material = inspection.material()
    material.__dict__["editions"] = {"en": _rendered(html, text)}

    assert [one.severity for one in unsubscribe.check(material)] == ["error"] * missing


@pytest.mark.parametrize(
    ("count", "severities"), [(80_000, []), (80_001, ["warning"]), (100_000, ["warning"]), (100_001, ["error"])]
)
def test_a_mail_that_would_be_cut_off_is_an_error_and_one_that_nearly_is_a_warning(
    inspection: Inspection, count: int, severities: list[str]
) -> None:
    material = inspection.material()
    material.__dict__["editions"] = {"en": _rendered("あ" * (count // 3) + "a" * (count % 3), "")}

    assert [one.severity for one in size.check(material)] == severities


def test_a_broken_template_is_an_error_with_its_reason(inspection: Inspection) -> None:
    material = inspection.material()
    material.__dict__["editions"] = {"en": TemplateError("line 3"), "ja": _rendered("", "")}

    (finding,) = templates.check(material)

    assert (finding.severity, finding.message) == ("error", "The mail in English cannot be made: line 3")
    assert list(size.check(material)) == []


def test_a_post_that_is_too_long_is_an_error(inspection: Inspection) -> None:
    long = {"en": IssueText(subject="News", post="a" * 5_000), "ja": IssueText(subject="おたより", post="a")}

    found = list(post.check(inspection.material(texts=long)))

    assert [(one.severity, one.language) for one in found] == [("error", "en")]


def test_posts_are_checked_only_in_the_languages_that_are_posted(inspection: Inspection) -> None:
    long = {"en": IssueText(subject="News", post="a" * 5_000), "ja": IssueText(subject="おたより", post="a")}
    facebook = inspection.office.settings.facebook.model_copy(update={"languages": ("ja",)})
    settings = inspection.office.settings.model_copy(update={"facebook": facebook})
    inspection.office = dataclasses.replace(inspection.office, settings=settings)

    assert list(post.check(inspection.material(texts=long))) == []


def test_errors_come_before_warnings(inspection: Inspection) -> None:
    found = inspection.find([*STORIES, Notice(texts=texts(en="Only"))], texts=subjects("long " * 20, "おたより"))

    assert [one.severity for one in found] == ["error", "warning"]


def test_a_reader_of_findings_in_a_language_without_words_gets_english(inspection: Inspection) -> None:
    inspection.speak = "th"

    (finding,) = inspection.find([])

    assert finding.message == "The issue has no stories."
