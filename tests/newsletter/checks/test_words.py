"""Missing translations, leftover notes, long subjects: each is found where it stands."""

from datetime import date

import pytest

from newsletter import words
from newsletter.content import Fair, FairText, IssueText, Notice, Picture
from newsletter.findings import Finding
from tests.newsletter.checks.inspection import Inspection, fair, subjects, texts
from tests.newsletter.newsroom import FAIR, NOTICE


def _told(found: list[Finding]) -> list[tuple[str, str, str]]:
    return [(one.check, one.severity, one.language) for one in found]


def test_an_issue_that_is_right_raises_no_alarm(inspection: Inspection) -> None:
    assert inspection.find() == []


def test_a_story_in_one_language_is_an_error(inspection: Inspection) -> None:
    (finding,) = inspection.find([Notice(texts=texts(en="Only English"))])

    assert (finding.check, finding.severity, finding.language) == ("translation", "error", "ja")
    assert finding.place == "Only English"
    assert finding.message == "The story has no words in Japanese."


def test_an_issue_in_one_language_is_an_error(inspection: Inspection) -> None:
    (finding,) = inspection.find(texts={"ja": IssueText(subject="おたより", preheader="新しいこと")})

    assert (finding.language, finding.message) == ("en", "The issue has no words in English.")


@pytest.mark.parametrize("field", ["summary", "body", "city", "venue", "hours", "booth", "organiser", "link_label"])
def test_a_field_that_only_one_language_fills_is_an_error(inspection: Inspection, field: str) -> None:
    half = {**FAIR.texts, "en": FAIR.texts["en"].model_copy(update={field: "Hall A"})}
    whole = {language: text.model_copy(update={field: ""}) for language, text in half.items() if language == "ja"}

    found = inspection.find([FAIR.model_copy(update={"texts": half | whole})])

    assert ("translation", "error", "ja") in _told(found)


def test_a_list_that_only_one_language_fills_is_an_error(inspection: Inspection) -> None:
    spoken = {"en": FairText(title="FIT", participants=("Aichi",)), "ja": FairText(title="FITフェア")}

    (finding,) = inspection.find([Fair(starts=date(2026, 12, 17), texts=spoken)])

    assert finding.message == "In Japanese this is empty: taking part."


def test_an_empty_title_or_subject_is_an_error(inspection: Inspection) -> None:
    found = inspection.find([Notice(texts=texts(en="Title", ja=""))], texts=subjects("", "おたより"))

    assert _told(found) == [("translation", "error", "en"), ("translation", "error", "ja")]


def test_a_body_of_empty_tags_is_empty(inspection: Inspection) -> None:
    found = inspection.find([fair("<p>Words</p>", "<p><br></p>")])

    assert _told(found) == [("translation", "error", "ja")]


ENGLISH_NOTES = ["TBD", "TODO: ask Ms Lim", "Lorem ipsum", "{{ name }}", "[Insert venue]", "XXXX"]
JAPANESE_NOTES = ["〇〇県", "○○", "XX月XX日", "（要確認）", "ここに本文を入れる"]


@pytest.mark.parametrize("left", [*ENGLISH_NOTES, *JAPANESE_NOTES])
def test_a_leftover_note_is_an_error(inspection: Inspection, left: str) -> None:
    found = inspection.find([fair(f"<p>{left}</p>", f"<p>{left}</p>")])

    assert {(one.check, one.severity) for one in found} == {("placeholder", "error")}
    assert {one.language for one in found} == {"en", "ja"}


def test_a_leftover_note_in_the_subject_is_an_error(inspection: Inspection) -> None:
    (finding,) = inspection.find(texts=subjects("TODO", "おたより"))

    assert (finding.check, finding.place) == ("placeholder", "subject")


ORDINARY = ["○印", "要確認の事項です", "確認中です", "XX", "a todo list by Todor", "Group A [1]", "ここに集まる"]


@pytest.mark.parametrize("said", ORDINARY)
def test_ordinary_words_are_no_leftover(inspection: Inspection, said: str) -> None:
    assert inspection.find([fair(f"<p>{said}</p>", f"<p>{said}</p>")]) == []


def test_a_subject_that_would_be_cut_is_warned_of(inspection: Inspection) -> None:
    found = inspection.find(texts=subjects("word " * 15, "おたより" * 9))

    assert _told(found) == [("subject", "warning", "en"), ("subject", "warning", "ja")]
    assert "about 60 characters" in found[0].mend
    assert "about 30 characters" in found[1].mend


def test_a_picture_without_a_description_is_an_error(inspection: Inspection) -> None:
    picture = Picture(hash="0" * 64, width=10, height=10, alt={"en": "A booth"}, caption={"ja": "ブース"})

    found = inspection.find([NOTICE.model_copy(update={"picture": picture})])

    assert _told(found) == [
        ("translation", "error", "en"),
        ("pictures", "error", ""),
        ("pictures", "error", "ja"),
    ]
    assert found[2].message == "The picture is not described in Japanese."


def test_every_sentence_of_the_checks_is_there_in_both_languages() -> None:
    english, japanese = (words.load("checks", language) for language in ("en", "ja"))
    assert english.names() == japanese.names()

    letters = [words.load("newsroom", language).names() for language in ("en", "ja")]
    assert letters[0] == letters[1]


def test_the_send_time_must_be_given(inspection: Inspection) -> None:
    (finding,) = inspection.find(send_at=None)

    assert (finding.check, finding.severity) == ("sending", "error")
