"""Dates, times and numbers are read in English as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import prose
from newsletter.prose import Facts
from newsletter.rendering import dates

NEAR = date(2026, 12, 1)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def _read(text: str) -> Facts:
    facts = prose.read(text, "en", NEAR)
    assert facts is not None
    return facts


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("on Friday 18 December", ["2026-12-18"]),
        ("on Fri 18 Dec 2026.", ["2026-12-18"]),
        ("Friday, the 18th of December 2026", ["2026-12-18"]),
        ("December 18, 2026", ["2026-12-18"]),
        ("Fri., Dec. 18", ["2026-12-18"]),
        ("by 5 January", ["2027-01-05"]),
        ("since 30 June", ["2026-06-30"]),
        ("2027-01-15", ["2027-01-15"]),
        ("18–20 December 2026", ["2026-12-18", "2026-12-20"]),
        ("18 to 20 December", ["2026-12-18", "2026-12-20"]),
        ("December 18–20, 2027", ["2027-12-18", "2027-12-20"]),
        ("Saturday 16 January or Sunday 17 January", ["2027-01-16", "2027-01-17"]),
        ("30 December to 2 January 2027", ["2026-12-30", "2027-01-02"]),
        ("1 May", ["2027-05-01"]),
        ("opens on Sunday 17 January. 10 people may come", ["2027-01-17"]),
        ("You may march in August with 20 December visitors", ["2026-12-20"]),
        ("in December 2026, in the 3 regions", []),
        ("call 6224-7927 or write to 2026-12-01@example.org", []),
        ("see https://www.example.org/2026-12-01/page", []),
    ],
)
def test_dates_are_found(text: str, days: list[str]) -> None:
    assert [str(mention.day) for mention in _read(text).dates] == days


def test_a_wrong_weekday_is_seen() -> None:
    wrong, right = _read("Friday 16 December, and Wednesday 16 December").dates

    assert not wrong.weekday_is_right
    assert right.weekday_is_right


@pytest.mark.parametrize("text", ["31 November", "Tuesday 30 February 2027", "29 February 2027"])
def test_a_day_that_does_not_exist_is_seen(text: str) -> None:
    assert [mention.day for mention in _read(text).dates] == [None]


def test_a_leap_day_without_a_year_is_that_of_a_leap_year() -> None:
    (mention,) = prose.read("29 February", "en", date(2027, 9, 1)).dates  # type: ignore[union-attr]

    assert mention.day == date(2028, 2, 29)


@given(DAYS)
def test_a_date_in_the_style_of_the_house_is_read_again(day: date) -> None:
    (mention,) = _read(f"It is on {dates.day(day, 'en')}, for certain.").dates

    assert (mention.day, mention.weekday) == (day, day.weekday())
    assert mention.text == dates.day(day, "en")


@given(DAYS, st.integers(1, 40))
def test_a_span_in_the_style_of_the_house_is_read_again(day: date, length: int) -> None:
    last = date.fromordinal(day.toordinal() + length)

    found = _read(f"Come: {dates.span(day, last, 'en')}.").dates

    assert [mention.day for mention in found][-1] == last
    # without its year, the first day of a span over the new year is the nearest one
    assert (found[0].day == day) or not found[0].year_at
    assert all(mention.weekday_is_right for mention in found if mention.year_at or mention.month_at is None)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("10:00–21:30", {(10, 0), (21, 30)}),
        ("from 10 am to 9:30 p.m.", {(10, 0), (21, 30)}),
        ("10–11 am", {(10, 0), (11, 0)}),
        ("10 to 2 pm", {(10, 0), (14, 0)}),
        ("12 am, 12 pm", {(0, 0), (12, 0)}),
        ("I am 10", set()),
    ],
)
def test_times_of_day_are_found(text: str, times: set[tuple[int, int]]) -> None:
    facts = _read(text)

    assert set(facts.times) == times


def test_numbers_and_months_are_found_apart_from_dates_and_times() -> None:
    facts = _read(
        "On Fri 18 Dec at 10:00, 5,900 of 2.5 million people; twelve towns, 3 fairs, in March and in May 2027"
    )

    assert set(facts.numbers) == {5900, 2_500_000, 2027}
    assert facts.spoken == {12}
    assert set(facts.months) == {3, 5}
    assert set(facts.times) == {(10, 0)}


ENGLISH = (
    "12",
    "31",
    "0",
    "99",
    "th",
    "Fri",
    "Friday",
    "Dec.",
    "May",
    "to",
    "and",
    ",",
    ":30",
    "am",
    "in",
    "1,234",
    ".5",
)
JAPANESE = (
    "月",
    "18日",
    "（金）",
    "〜",
    "から",
    "2026年",
    "令和",
    "元",
    "時",
    "半",
    "分",
    "午後",
    "万",
    "億",
    "、",
    "日間",
    "１２",
)
OTHERS = ("–", "-", "/", "٣", "²", "a@example.org", "https://www.example.org/", " ")
PIECES = st.sampled_from((*ENGLISH, *JAPANESE, *OTHERS))
TEXTS = st.text(max_size=80) | st.lists(PIECES, max_size=14).map("".join)


@given(TEXTS)
def test_no_text_breaks_the_reader(text: str) -> None:
    for language in ("en", "ja"):
        facts = prose.read(text, language, NEAR)
        assert facts is not None
        assert all(text[slice(*mention.span)] == mention.text for mention in facts.dates)


def test_a_language_without_a_reader_has_no_facts() -> None:
    assert prose.read("18 ธันวาคม", "th", NEAR) is None
