"""What templates see of an issue in two languages."""

from dataclasses import replace
from datetime import date

from newsletter.config import Settings
from newsletter.rendering import views
from tests.newsletter.rendering import sample


def test_an_issue_in_one_language_has_itself_for_its_only_part(settings: Settings) -> None:
    english = sample.issue(settings, "en")

    assert english.parts == (english,)
    assert english.languages == ("en",)


def test_readers_of_both_read_their_own_language_first(settings: Settings) -> None:
    english, japanese = sample.issue(settings, "en"), sample.issue(settings, "ja")

    both = views.paired([japanese, english])

    assert both.languages == ("ja", "en")
    assert both.text == japanese.text
    assert [part.text for part in both.parts] == [japanese.text, english.text]
    assert [story.language for story in both.parts[1].stories] == ["en"] * len(english.stories)


def test_a_story_told_twice_in_one_mail_has_two_anchors(settings: Settings) -> None:
    both = views.paired([sample.issue(settings, "en"), sample.issue(settings, "ja")])

    anchors = [story.anchor for part in both.parts for story in part.stories]

    assert len(anchors) == len(set(anchors))


def test_readers_of_both_see_the_later_day_in_both_parts(settings: Settings) -> None:
    monday = sample.issue(settings, "ja")
    thursday = replace(sample.issue(settings, "en"), date=date(2026, 12, 3))

    both = views.paired([monday, thursday])

    assert [part.date for part in both.parts] == [date(2026, 12, 3)] * 2


def test_a_language_in_which_nothing_is_told_has_no_part(settings: Settings) -> None:
    empty = replace(sample.issue(settings, "en"), sections=())

    both = views.paired([empty, sample.issue(settings, "ja")])

    assert both.languages == ("ja",)
    assert both.text == sample.issue(settings, "ja").text
