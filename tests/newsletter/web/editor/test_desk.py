"""The desk's words: both languages say the same things, and every state has its word."""

from datetime import UTC, datetime
from string import Formatter

import pytest

from newsletter import editors, words
from newsletter.web.context import Context
from newsletter.web.editor import desk
from newsletter.web.editor.route import PROBLEMS

STATES = ("draft", "asked", "approved", "scheduled", "sending", "closed", "cancelled", "paused", "held")
POST_STATES = (
    "frozen",
    "planned",
    "publishing",
    "published",
    "waiting",
    "failed",
    "in_doubt",
    "needs_person",
    "by_hand",
    "cancelled",
)


def test_both_languages_say_the_same_things_with_the_same_values() -> None:
    english, japanese = (words.load("desk", language) for language in ("en", "ja"))

    assert english.names() == japanese.names()
    for name in english.names():
        assert _fields(english, name) == _fields(japanese, name), name


@pytest.mark.parametrize("language", ["en", "ja"])
def test_everything_that_may_be_shown_has_words(language: str) -> None:
    known = words.load("desk", language).names()

    assert known >= {f"state.{state}" for state in STATES}
    assert known >= {f"post_state.{state}" for state in POST_STATES}
    assert known >= {f"role.{role}" for role in editors.ROLES}
    assert known >= {f"wrong.{reason}" for reason in editors.REASONS if reason != "role"}
    assert known >= {f"problem.{name}.{part}" for _, name in PROBLEMS.values() for part in ("title", "lead")}


def test_a_number_comes_with_its_noun() -> None:
    english, japanese = (words.load("desk", language) for language in ("en", "ja"))

    assert desk.count(english, "people", 1) == "1 person"
    assert desk.count(english, "people", 0) == "0 people"
    assert desk.count(english, "people", 1204) == "1,204 people"
    assert desk.count(japanese, "people", 1204) == "1,204人"


def test_a_moment_is_told_in_the_offices_zone(context: Context) -> None:
    moment = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)

    assert desk.day_and_time(context, moment, "en") == "Tue 1 Dec 2026, 10:00"
    assert desk.day_and_time(context, moment, "ja") == "2026年12月1日（火）10:00"


def test_an_editor_whose_language_is_no_longer_spoken_gets_the_first(context: Context) -> None:
    assert desk.desk_languages(context) == ["en", "ja"]
    assert desk.spoken(context, "ja") == "ja"
    assert desk.spoken(context, "tlh") == "en"


def _fields(sentences: words.Words, name: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(sentences._sentences[name]) if field}
