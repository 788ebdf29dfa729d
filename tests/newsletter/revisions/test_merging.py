"""Two editors at once: different fields merge, the same field comes back with both texts."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter import revisions
from newsletter.content import Audience, Fair, FairText, IssueContent, IssueText, Notice, Picture, StoryChoice, Text
from newsletter.revisions import order
from newsletter.revisions.fields import MISSING

ISSUE = IssueContent(
    texts={"en": IssueText(subject="News", preheader="Soon"), "ja": IssueText(subject="おたより")},
    stories=tuple(StoryChoice(story_id=number, revision=1) for number in (1, 2, 3)),
    send_at=datetime(2026, 12, 1, 2, tzinfo=UTC),
)
PICTURE = Picture(hash="a", width=10, height=10, alt={"en": "A booth", "ja": "ブース"})
FAIR = Fair(
    starts=date(2026, 12, 17),
    ends=date(2026, 12, 20),
    countries=("TH",),
    picture=PICTURE,
    texts={"en": FairText(title="FIT", city="Bangkok", participants=("Aomori", "Fukui"))},
)


def _text(issue: IssueContent, language: str, **changes: str) -> IssueContent:
    text = issue.texts[language].model_copy(update=changes)
    return issue.model_copy(update={"texts": {**issue.texts, language: text}})


def _stories(*ids: int, newer: int = 0) -> IssueContent:
    chosen = tuple(StoryChoice(story_id=one, revision=2 if one == newer else 1) for one in ids)
    return ISSUE.model_copy(update={"stories": chosen})


def _ids(issue: IssueContent | None) -> list[int]:
    assert issue is not None
    return [choice.story_id for choice in issue.stories]


def test_different_fields_merge_in_both_languages() -> None:
    mine = _text(ISSUE, "en", subject="Fairs in spring")
    theirs = _text(_text(ISSUE, "en", preheader="Very soon"), "ja", subject="春のフェア")

    merged = revisions.merge(ISSUE, mine, theirs)

    assert merged.conflicts == []
    assert merged.content is not None
    assert merged.content.texts["en"] == IssueText(subject="Fairs in spring", preheader="Very soon")
    assert merged.content.texts["ja"].subject == "春のフェア"


def test_the_same_field_returns_all_three_texts_and_keeps_the_rest_of_both() -> None:
    mine = _text(ISSUE, "en", subject="Mine", preheader="Mine alone")
    theirs = _text(_text(ISSUE, "en", subject="Theirs"), "ja", subject="春のフェア")

    merged = revisions.merge(ISSUE, mine, theirs)

    assert merged.content is None
    assert merged.conflicts == [revisions.Conflict(("texts", "en", "subject"), "News", "Mine", "Theirs")]
    assert merged.draft.texts["en"] == IssueText(subject="Mine", preheader="Mine alone")
    assert merged.draft.texts["ja"].subject == "春のフェア"


def test_the_same_change_by_both_is_no_conflict() -> None:
    both = _text(ISSUE, "en", subject="Fairs in spring")

    assert revisions.merge(ISSUE, both, both).content == both


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ((1, 2, 3, 9), (1, 2, 3, 8), [1, 2, 3, 8, 9]),  # both add one
        ((3, 1, 2), (1, 2, 3, 8), [3, 8, 1, 2]),  # mine moves one to the front, theirs adds one behind it
        ((1, 3), (1, 2, 3, 8), [1, 3, 8]),  # mine takes one out
        ((1, 2, 3), (2, 3, 1), [2, 3, 1]),  # only theirs moves
        ((3, 2, 1), (3, 2, 1), [3, 2, 1]),  # both move alike
    ],
)
def test_stories_merge_one_by_one(mine: tuple[int, ...], theirs: tuple[int, ...], expected: list[int]) -> None:
    assert _ids(revisions.merge(ISSUE, _stories(*mine), _stories(*theirs)).content) == expected


def test_two_different_orders_are_asked_about() -> None:
    merged = revisions.merge(ISSUE, _stories(3, 1, 2), _stories(2, 1, 3))

    assert [conflict.path for conflict in merged.conflicts] == [("stories", "order")]
    assert _ids(merged.draft) == [3, 1, 2]


def test_a_story_taken_out_by_one_and_renewed_by_the_other_is_asked_about() -> None:
    merged = revisions.merge(ISSUE, _stories(1, 3), _stories(1, 2, 3, newer=2))

    (conflict,) = merged.conflicts
    assert (conflict.path, conflict.mine) == (("stories", "2"), MISSING)
    assert _ids(merged.draft) == [1, 3]


def test_of_two_newer_words_of_a_story_the_newest_are_kept() -> None:
    renewed = ISSUE.model_copy(update={"stories": (StoryChoice(story_id=1, revision=5),)})
    base = ISSUE.model_copy(update={"stories": (StoryChoice(story_id=1, revision=1),)})
    mine = ISSUE.model_copy(update={"stories": (StoryChoice(story_id=1, revision=3),)})

    assert revisions.merge(base, mine, renewed).content == renewed


def test_audience_sections_and_times_merge_as_fields_of_their_own() -> None:
    mine = ISSUE.model_copy(update={"sections": ("food", "fairs"), "audience": Audience(topics=("food",))})
    later = {"en": datetime(2026, 12, 3, 2, tzinfo=UTC)}
    theirs = ISSUE.model_copy(update={"later": later, "audience": Audience(countries=("SG",))})

    merged = revisions.merge(ISSUE, mine, theirs).content

    assert merged is not None
    assert (merged.sections, merged.later) == (("food", "fairs"), later)
    assert merged.audience == Audience(topics=("food",), countries=("SG",))


def test_participants_and_countries_merge_by_item() -> None:
    mine = _fair(participants=("Aomori", "Fukui", "Iwate"), countries=("TH", "SG"))
    theirs = _fair(participants=("Akita", "Aomori", "Fukui"), countries=())

    merged = revisions.merge(FAIR, mine, theirs).content

    assert merged is not None
    assert merged.texts["en"].participants == ("Akita", "Aomori", "Fukui", "Iwate")
    assert merged.countries == ("SG",)


def test_words_about_one_picture_never_land_on_another() -> None:
    mine = FAIR.model_copy(update={"picture": PICTURE.model_copy(update={"alt": {"en": "A red booth"}})})
    theirs = FAIR.model_copy(update={"picture": Picture(hash="b", width=5, height=5, alt={"en": "A river"})})

    assert [one.path for one in revisions.merge(FAIR, mine, theirs).conflicts] == [("picture",)]


def test_days_that_would_end_before_they_begin_are_asked_about() -> None:
    mine = FAIR.model_copy(update={"starts": date(2027, 1, 5), "ends": date(2027, 1, 8)})
    theirs = FAIR.model_copy(update={"ends": date(2026, 12, 19)})
    only_start = FAIR.model_copy(update={"starts": date(2026, 12, 20)})

    assert [one.path for one in revisions.merge(FAIR, mine, theirs).conflicts] == [("ends",)]
    crossed = revisions.merge(FAIR, only_start, theirs)
    assert {one.path for one in crossed.conflicts} == {("starts",), ("ends",)}
    assert (crossed.draft.starts, crossed.draft.ends) == (only_start.starts, FAIR.ends)


def test_a_story_that_became_another_kind_is_asked_about_unless_nothing_else_changed() -> None:
    base: Any = Notice(texts={"en": Text(title="A notice")})
    fair: Any = Fair(texts={"en": FairText(title="A notice", city="Bangkok")})
    retitled: Any = Notice(texts={"en": Text(title="A better notice")})

    assert revisions.merge(base, fair, base).content == fair
    assert revisions.merge(base, base, fair).content == fair
    (conflict,) = revisions.merge(base, fair, retitled).conflicts
    assert (conflict.path, conflict.mine, conflict.theirs) == (("kind",), "fair", "notice")


def test_a_language_taken_out_while_its_words_changed_is_asked_about() -> None:
    mine = ISSUE.model_copy(update={"texts": {"en": ISSUE.texts["en"]}})
    theirs = _text(ISSUE, "ja", subject="春のフェア")

    assert [one.path for one in revisions.merge(ISSUE, mine, theirs).conflicts] == [("texts", "ja")]


_names = st.lists(st.integers(0, 9), unique=True, max_size=8)


@settings(max_examples=60)
@given(base=_names, mine=_names, theirs=_names)
def test_orders_lose_and_double_nothing(base: list[int], mine: list[int], theirs: list[int]) -> None:
    placed, _ = order.merge(base, mine, theirs)

    assert sorted(placed) == sorted({*mine, *theirs})


@settings(max_examples=60)
@given(base=_names, mine=_names)
def test_an_order_that_only_one_changed_is_that_order(base: list[int], mine: list[int]) -> None:
    placed, agreed = order.merge(base, mine, [one for one in base if one in mine])

    assert agreed
    assert placed == mine


def _fair(*, participants: tuple[str, ...], countries: tuple[str, ...]) -> Fair:
    text = FAIR.texts["en"].model_copy(update={"participants": participants})
    return FAIR.model_copy(update={"texts": {"en": text}, "countries": countries})


@pytest.mark.parametrize(
    "path", [("texts", "en", "subject"), ("texts", "ja"), ("stories", "2"), ("stories", "order"), ("send_at",)]
)
def test_a_conflict_is_settled_by_taking_their_field(path: tuple[str, ...]) -> None:
    mine = _stories(3, 1)
    theirs = _text(_stories(1, 2, 3), "en", subject="Theirs").model_copy(update={"send_at": None})
    theirs = theirs.model_copy(update={"texts": {"en": theirs.texts["en"]}})

    taken = revisions.take(mine, theirs, path)

    expected = {
        ("texts", "en", "subject"): _text(mine, "en", subject="Theirs"),
        ("texts", "ja"): mine.model_copy(update={"texts": {"en": mine.texts["en"]}}),
        ("stories", "2"): _stories(2, 3, 1),
        ("stories", "order"): _stories(1, 3),
        ("send_at",): mine.model_copy(update={"send_at": None}),
    }[path]
    assert set(taken.stories) == set(expected.stories)
    if path[0] != "stories" or path[1] == "order":
        assert taken == expected
