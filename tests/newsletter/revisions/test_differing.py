"""What changed is told field by field, in the words of an editor, in both languages."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel

from newsletter import content, revisions, words
from newsletter.content import (
    Audience,
    Fair,
    FairText,
    Flyer,
    IssueContent,
    IssueText,
    Notice,
    Opening,
    Picture,
    StoryChoice,
    Text,
)
from newsletter.revisions import comparing, showing
from newsletter.revisions.comparing import Piece

SINGAPORE = ZoneInfo("Asia/Singapore")
ISSUE = IssueContent(
    texts={
        "en": IssueText(subject="Fairs in autumn", introduction="<p>Come to <strong>Bangkok</strong>.</p>"),
        "ja": IssueText(subject="秋のフェア"),
    },
    stories=(StoryChoice(story_id=1, revision=1), StoryChoice(story_id=2, revision=1)),
    send_at=datetime(2026, 12, 1, 2, tzinfo=UTC),
)
TITLES = {1: "FIT", 2: "Yuzu", 3: "JET"}


def _diff(a: Any, b: Any, language: str = "en") -> list[revisions.Change]:
    say = words.load("revisions", language)
    return revisions.diff(a, b, say, zone=SINGAPORE, stories=TITLES, topics={"food": "Japanese food"})


def _told(a: Any, b: Any, language: str = "en") -> list[tuple[str, str, str, str]]:
    return [(one.place, one.language, one.before, one.after) for one in _diff(a, b, language)]


def test_the_same_state_has_no_changes() -> None:
    assert _diff(ISSUE, ISSUE) == []


def test_words_of_each_language_are_told_by_field_and_html_as_it_was_written() -> None:
    after = ISSUE.model_copy(
        update={
            "texts": {
                "en": IssueText(
                    subject="Fairs in spring", introduction='<p>Come to <a href="https://x.test">Bangkok</a>.</p>'
                ),
                "ja": IssueText(subject="春のフェア"),
            }
        }
    )

    assert _told(ISSUE, after) == [
        ("Subject", "en", "Fairs in autumn", "Fairs in spring"),
        ("Subject", "ja", "秋のフェア", "春のフェア"),
        ("Introduction", "en", "Come to **Bangkok**.", "Come to [Bangkok](https://x.test)."),
    ]
    assert [one.place for one in _diff(ISSUE, after, "ja")] == ["件名", "件名", "巻頭の文"]


def test_stories_are_told_by_title_added_moved_and_with_changed_words() -> None:
    after = ISSUE.model_copy(
        update={"stories": tuple(StoryChoice(story_id=one, revision=2 if one == 1 else 1) for one in (2, 3, 1))}
    )

    ((place, _, before, now),) = _told(ISSUE, after)
    assert (place, before, now) == ("Stories", "FIT\nYuzu", "Yuzu\nJET\nFIT (with changed words)")
    assert _diff(ISSUE, after)[0].pieces == [
        Piece("gone", "FIT\n"),
        Piece("same", "Yuzu\n"),
        Piece("new", "JET\nFIT (with changed words)\n"),
    ]


def test_times_audience_and_sections_are_told_in_words() -> None:
    after = ISSUE.model_copy(
        update={
            "send_at": datetime(2026, 12, 2, 1, 30, tzinfo=UTC),
            "later": {"en": datetime(2026, 12, 3, 2, tzinfo=UTC)},
            "audience": Audience(countries=("SG", "TH"), topics=("food",), languages=("ja",)),
            "sections": ("food", ""),
        }
    )

    told = {(place, language): (before, now) for place, language, before, now in _told(ISSUE, after)}
    assert told[("Send time", "")] == ("Tue 1 Dec 2026 10:00", "Wed 2 Dec 2026 09:30")
    assert told[("Send time", "en")] == ("", "Thu 3 Dec 2026 10:00")
    assert told[("Readers living in", "")][1] == "Singapore\nThailand"
    assert told[("Readers who chose", "")][1] == "Japanese food"
    assert told[("Readers of", "")][1] == "Japanese"
    assert told[("Order of the sections", "")][1] == "Japanese food\nNotices"


def test_a_story_is_told_with_its_facts() -> None:
    before = Fair(starts=date(2026, 12, 17), texts={"en": FairText(title="FIT", participants=("Aomori",))})
    picture = Picture(hash="abcdef99", width=1, height=1, alt={"en": "A booth"}, focus=(0.5, 0.25))
    after = Fair(
        starts=date(2027, 1, 5),
        status="postponed",
        sample=True,
        openings=(Opening(day=date(2027, 1, 5), opens=time(10), closes=time(18)),),
        picture=picture,
        flyers=(Flyer(hash="f", size=1, title={"en": "Plan", "ja": "案内図"}),),
        texts={"en": FairText(title="FIT", participants=("Aomori", "Fukui"))},
    )

    told = {place: (old, new) for place, _, old, new in _told(before, after)}
    assert told == {
        "State of the fair": ("As planned", "Postponed"),
        "First day": ("Thu 17 Dec 2026", "Tue 5 Jan 2027"),
        "Hours by day": ("", "Tue 5 Jan 2027 10:00–18:00"),
        "Taking part": ("Aomori", "Aomori\nFukui"),
        "Picture": ("", "Picture abcdef"),
        "Description of the picture": ("", "A booth"),
        "What stays in view of the picture": ("", "50%\n25%"),
        "Flyers": ("", "Plan / 案内図"),
        "A made-up example": ("no", "yes"),
    }


def test_a_story_that_became_another_kind_is_told_so() -> None:
    changes = _told(Notice(texts={"en": Text(title="A")}), Fair(texts={"en": FairText(title="A", city="Hue")}))

    assert changes == [
        ("Kind of story", "", "Notice", "Fair"),
        ("State of the fair", "", "", "As planned"),
        *changes[2:],
    ]
    assert ("City", "en", "", "Hue") in changes


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_field_of_every_content_has_a_name(language: str) -> None:
    models = [one for one in vars(content).values() if isinstance(one, type) and issubclass(one, BaseModel)]
    names = words.load("revisions", language).names()
    parts = {"Picture": "picture.", "Audience": "audience."}
    own = {
        f"field.{parts.get(model.__name__, '')}{name}"
        for model in models
        if model.__name__ not in ("Flyer", "Opening", "StoryChoice")  # told as items of a list
        for name in model.model_fields
    }

    assert {name for name in own if name.rpartition(".")[2] not in showing.SILENT} <= names


def test_pieces_show_words_numbers_and_japanese_runs() -> None:
    assert comparing.pieces("Open until 20 December.", "Open until 21 December.") == [
        Piece("same", "Open until "),
        Piece("gone", "20"),
        Piece("new", "21"),
        Piece("same", " December."),
    ]
    assert comparing.pieces("12月20日（日）まで開かれます。", "12月21日（月）まで開かれます。") == [
        Piece("same", "12月"),
        Piece("gone", "20"),
        Piece("new", "21"),
        Piece("same", "日（"),
        Piece("gone", "日"),
        Piece("new", "月"),
        Piece("same", "）まで開かれます。"),
    ]


def test_pieces_put_both_texts_together_again() -> None:
    before, after = "one two three\nfour", "one 2 three four five"

    found = comparing.pieces(before, after)

    assert "".join(one.text for one in found if one.kind != "new") == before
    assert "".join(one.text for one in found if one.kind != "gone") == after


def test_a_long_unchanged_part_is_cut_to_what_stands_around_the_change() -> None:
    long = "word " * 100

    first, gone, new, last = comparing.shortened(comparing.pieces(f"{long}a {long}", f"{long}b {long}"))

    assert (gone.text, new.text) == ("a", "b")
    assert max(len(first.text), len(last.text)) < 140
    assert first.text.startswith("… word")
    assert last.text.endswith("word …")


def test_a_long_list_is_cut_to_whole_lines() -> None:
    before = "\n".join(f"Story {number}" for number in range(1, 9))

    found = comparing.shortened(comparing.pieces(before, f"New\n{before}\nLast", by_line=True), by_line=True)

    assert [one.text for one in found] == ["New\n", "Story 1\n…\nStory 8\n", "Last\n"]


def test_giant_texts_are_compared_by_words_where_their_lines_differ() -> None:
    before = "\n".join(f"Line {number} of many words in a text." for number in range(2000))

    found = comparing.pieces(before, before.replace("Line 77 ", "Row 77 "))

    assert [(one.kind, one.text) for one in found if one.kind != "same"] == [("gone", "Line"), ("new", "Row")]


def test_one_giant_line_that_changed_everywhere_is_shown_whole_and_at_once() -> None:
    before, after = "a b " * 12_000, "b c " * 12_000

    assert comparing.pieces(before, after) == [Piece("gone", before), Piece("new", after)]
