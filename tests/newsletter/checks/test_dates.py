"""Dates that the calendar or the other language contradicts are found, and right ones are left alone."""

import pytest

from newsletter.findings import Finding
from tests.newsletter.checks.inspection import Inspection, fair, subjects


def _told(found: list[Finding]) -> list[tuple[str, str, str]]:
    return [(one.check, one.severity, one.language) for one in found]


def test_a_weekday_that_is_not_that_of_the_day_is_an_error(inspection: Inspection) -> None:
    found = inspection.find([fair("<p>Until Friday 16 December.</p>", "<p>12月16日（水）まで。</p>")])

    assert _told(found) == [("weekdays", "error", "en")]
    assert found[0].place == "FIT (text)"
    assert found[0].message == "“Friday 16 December” does not go together: that day is Wed 16 Dec 2026."


def test_the_same_in_japanese(inspection: Inspection) -> None:
    inspection.speak = "ja"

    (finding,) = inspection.find([fair("<p>Until Wednesday 16 December.</p>", "<p>12月16日（金）まで。</p>")])

    assert (finding.check, finding.language, finding.place) == ("weekdays", "ja", "FITフェア（本文）")
    assert finding.message == "「12月16日（金）」は日付と曜日が合いません。その日は2026年12月16日（水）です。"


def test_a_date_that_differs_between_the_languages_is_an_error(inspection: Inspection) -> None:
    found = inspection.find([fair("<p>Until Sunday 20 December.</p>", "<p>12月18日（金）まで。</p>")])

    assert _told(found) == [("agreement", "error", "ja")]
    assert found[0].message == "The dates differ: English says “Sunday 20 December”, Japanese says “12月18日（金）”."


def test_a_date_that_one_language_keeps_to_itself_is_an_error(inspection: Inspection) -> None:
    found = inspection.find([fair("<p>Tickets from Monday 7 December.</p>", "<p>入場券を販売します。</p>")])

    assert _told(found) == [("agreement", "error", "ja")]
    assert "English says “Monday 7 December” (Mon 7 Dec 2026); Japanese does not." in found[0].message


def test_a_date_that_stands_among_the_facts_need_not_be_repeated(inspection: Inspection) -> None:
    found = inspection.find([fair("<p>It opens on Thursday 17 December.</p>", "<p>ぜひお越しください。</p>")])

    assert found == []


@pytest.mark.parametrize(
    ("en", "ja"),
    [
        ("Thursday 17 to Sunday 20 December", "12月17日（木）〜20日（日）"),
        ("Thu 17 - Sun 20 Dec 2026", "2026年12月17日（木）〜20日（日）"),
        ("December 17 and December 20, 2026", "12月20日は12月17日の3日後"),
        ("on 31 December and 1 January", "12月31日と1月1日"),
        ("four days, 17–20 December", "4日間、12月17日から20日まで"),
        ("10 am to 9 pm; 5,900 people; 14th; 80,000", "午前10時〜午後9時、5,900人、第14回、8万"),
        ("twelve regions in November", "11月、12地域"),
        ("fiscal 2025, since 2000", "2025年度、2000年から"),
        ("Write to tan12@example.org or 6224-7927", "tan12@example.orgか6224-7927へ"),
        ("three towns", "3つの町"),
        ("fiscal 2026, a 30% discount", "令和8年度、3割引"),
        ("half past three in the afternoon", "午後3時半"),
        ("half past three; noon", "１５時３０分、正午"),
        ("3:30 to 5 pm", "午後3時半〜5時"),
        ("two hundred and fifty towns, a dozen fairs", "250の町、12のフェア"),
        ("1.2 million visitors, 5 crore rupees", "120万人、5,000万ルピー"),
        ("12 regions, 30 towns", "十二の地域、三十の町"),
        ("from 17 to 20 December; the 18th is for trade", "12月17日（木）に開幕し20日まで。18日は業者の日"),
        ("17, 18 and 19 December", "令和8年12月17日（木）・18日（金）・19日（土）"),
        ("Chiba and Mie, in Kyushu", "千葉県、三重県、九州、八戸市、十日町市"),
        ("the 14th fair since 2012", "平成24年から14回目"),
    ],
)
def test_the_same_said_in_both_languages_raises_no_alarm(inspection: Inspection, en: str, ja: str) -> None:
    assert inspection.find([fair(f"<p>{en}</p>", f"<p>{ja}</p>")]) == []


@pytest.mark.parametrize(
    ("en", "ja", "words"),
    [
        ("496 people", "469人", "English says “496”, Japanese says “469”"),
        ("10 am", "午前11時", "English says “10 am”, Japanese says “午前11時”"),
        ("in November", "3月に", "English says “November”, Japanese says “3月”"),
        ("80,000 people", "80万人", "English says “80,000”, Japanese says “80万”"),
        ("496 people", "多くの人", "English says “496”; Japanese does not."),
        ("half past three", "午後4時半", "English says “half past three”, Japanese says “午後4時半”"),
    ],
)
def test_other_numbers_times_and_months_are_warned_of(inspection: Inspection, en: str, ja: str, words: str) -> None:
    (finding,) = inspection.find([fair(f"<p>{en}</p>", f"<p>{ja}</p>")])

    assert (finding.check, finding.severity) == ("agreement", "warning")
    assert words in finding.message


def test_a_day_that_does_not_exist_is_an_error(inspection: Inspection) -> None:
    found = inspection.find([fair("<p>On 31 November.</p>", "<p>11月31日に。</p>")])

    assert _told(found) == [("weekdays", "error", "en"), ("weekdays", "error", "ja")]
    assert found[0].message == "There is no such day: “31 November”."


def test_the_words_of_the_issue_are_compared_too(inspection: Inspection) -> None:
    found = inspection.find(texts=subjects("By Friday 18 December", "12月19日（土）まで"))

    assert _told(found) == [("agreement", "error", "ja")]
    assert found[0].place == "The issue"


def test_words_that_stand_in_neighbouring_paragraphs_are_not_glued_together(inspection: Inspection) -> None:
    found = inspection.find([fair("<p>Since 20</p><p>17 December</p>", "<p>20</p><ul><li>12月17日</li></ul>")])

    assert found == []
