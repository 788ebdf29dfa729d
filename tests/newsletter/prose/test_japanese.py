"""Dates, times and numbers are read in Japanese as people write them."""

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
    facts = prose.read(text, "ja", NEAR)
    assert facts is not None
    return facts


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("12月18日（金）に開幕", ["2026-12-18"]),
        ("2026年12月18日(金・祝)", ["2026-12-18"]),
        ("１２月１８日金曜日", ["2026-12-18"]),
        ("令和9年1月5日まで", ["2027-01-05"]),
        ("令和元年5月1日", ["2019-05-01"]),
        ("12/18（金）", ["2026-12-18"]),
        ("2027-01-15", ["2027-01-15"]),
        ("12月18日（金）〜20日（日）", ["2026-12-18", "2026-12-20"]),
        ("12月18日（金）から20日（日）まで", ["2026-12-18", "2026-12-20"]),
        ("12月18日（金）・19日（土）・20日（日）", ["2026-12-18", "2026-12-19", "2026-12-20"]),
        ("1月16日（土）か1月17日（日）", ["2027-01-16", "2027-01-17"]),
        ("2026年12月30日（水）〜2027年1月2日（土）", ["2026-12-30", "2027-01-02"]),
        ("12月18日から3日間、20日後", ["2026-12-18"]),
        ("4日間、12月の20日間、2025年度、4か国", []),
        ("3/4の自治体が", []),
    ],
)
def test_dates_are_found(text: str, days: list[str]) -> None:
    assert [str(mention.day) for mention in _read(text).dates] == days


def test_a_wrong_weekday_is_seen() -> None:
    first, last = _read("12月18日（木）〜20日（日）").dates

    assert not first.weekday_is_right
    assert last.weekday_is_right


def test_a_day_that_does_not_exist_is_seen() -> None:
    assert [mention.day for mention in _read("11月31日（火）").dates] == [None]


@given(DAYS)
def test_a_date_in_the_style_of_the_house_is_read_again(day: date) -> None:
    (mention,) = _read(f"開催は{dates.day(day, 'ja')}です。").dates

    assert (mention.day, mention.weekday) == (day, day.weekday())
    assert mention.text == dates.day(day, "ja")


@given(DAYS, st.integers(1, 40))
def test_a_span_in_the_style_of_the_house_is_read_again(day: date, length: int) -> None:
    last = date.fromordinal(day.toordinal() + length)

    found = _read(f"会期は{dates.span(day, last, 'ja')}です。").dates

    assert len(found) == 2
    assert found[0].day == day
    assert found[1].number_at > found[0].number_at


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("10:00〜21:30", {(10, 0), (21, 30)}),
        ("午前10時から午後9時半まで", {(10, 0), (21, 30)}),
        ("14時15分", {(14, 15)}),
        ("午後12時", {(12, 0)}),
        ("3時間", set()),
    ],
)
def test_times_of_day_are_found(text: str, times: set[tuple[int, int]]) -> None:
    assert set(_read(text).times) == times


def test_numbers_and_months_are_found_apart_from_dates_and_times() -> None:
    facts = _read("12月18日（金）10時、5,900人、8万人、1億2,000万円、2025年度、第14回、3県、11月に")

    assert set(facts.numbers) == {5900, 80_000, 120_000_000, 2025, 14}
    assert set(facts.months) == {11}
    assert set(facts.times) == {(10, 0)}
