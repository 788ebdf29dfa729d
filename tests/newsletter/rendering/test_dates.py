"""Dates are spelled the house's way, in every constellation of days, months and years."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.rendering import dates
from newsletter.rendering.dates import Leaf

ANY_DAY = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))

WEEKDAYS = {"月": "Mon", "火": "Tue", "水": "Wed", "木": "Thu", "金": "Fri", "土": "Sat", "日": "Sun"}

SPANS = [
    (date(2026, 8, 14), date(2026, 8, 16), "Fri 14 - Sun 16 Aug 2026", "2026年8月14日（金）〜16日（日）"),
    (date(2026, 1, 30), date(2026, 2, 1), "Fri 30 Jan - Sun 1 Feb 2026", "2026年1月30日（金）〜2月1日（日）"),
    (
        date(2026, 12, 31),
        date(2027, 1, 3),
        "Thu 31 Dec 2026 - Sun 3 Jan 2027",
        "2026年12月31日（木）〜2027年1月3日（日）",
    ),
    (date(2026, 8, 14), date(2026, 8, 14), "Fri 14 Aug 2026", "2026年8月14日（金）"),
    (date(2026, 8, 14), None, "Fri 14 Aug 2026", "2026年8月14日（金）"),
    (
        date(2026, 8, 14),
        date(2027, 8, 14),
        "Fri 14 Aug 2026 - Sat 14 Aug 2027",
        "2026年8月14日（金）〜2027年8月14日（土）",
    ),
]


@pytest.mark.parametrize(("start", "end", "english", "japanese"), SPANS)
def test_a_span_names_month_and_year_once_where_they_are_the_same(
    start: date, end: date | None, english: str, japanese: str
) -> None:
    assert dates.span(start, end, "en") == english
    assert dates.span(start, end, "ja") == japanese


def test_a_span_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="before the first"):
        dates.span(date(2026, 8, 16), date(2026, 8, 14), "en")


@given(ANY_DAY)
def test_both_languages_tell_the_same_weekday(value: date) -> None:
    english = dates.day(value, "en")[:3]
    japanese = dates.day(value, "ja")[-2]

    assert WEEKDAYS[japanese] == english


@given(ANY_DAY)
def test_an_english_day_reads_back_as_the_same_day(value: date) -> None:
    assert datetime.strptime(dates.day(value, "en"), "%a %d %b %Y").replace(tzinfo=UTC).date() == value


def test_a_further_language_takes_its_forms_from_the_cldr() -> None:
    assert dates.day(date(2026, 8, 14), "fr") == "ven. 14 août 2026"
    assert dates.span(date(2026, 8, 14), date(2026, 8, 16), "fr") == "ven. 14\u2009–\u2009dim. 16 août 2026"
    assert dates.leaves(date(2026, 8, 14), date(2026, 8, 16), "fr") == (Leaf("août 2026", "14–16", "ven. – dim."),)
    assert dates.period(date(2026, 8, 14), None, "fr") == "ven. 14 août 2026 –"


def test_an_open_period_says_from_or_until() -> None:
    first, last = date(2026, 7, 3), date(2026, 9, 30)

    assert dates.period(first, None, "en") == "From Fri 3 Jul 2026"
    assert dates.period(None, last, "en") == "Until Wed 30 Sep 2026"
    assert dates.period(first, None, "ja") == "2026年7月3日（金）から"
    assert dates.period(None, last, "ja") == "2026年9月30日（水）まで"
    assert dates.period(first, last, "en") == "Fri 3 Jul - Wed 30 Sep 2026"
    assert dates.period(None, None, "en") == ""


def test_a_moment_is_told_in_the_office_s_zone_with_its_name() -> None:
    value = datetime(2026, 12, 1, 18, 30, tzinfo=UTC)
    zone = ZoneInfo("Asia/Singapore")

    assert dates.moment(value, zone, "en") == "Wed 2 Dec 2026, 02:30 Singapore Standard Time"
    assert dates.moment(value, zone, "ja") == "2026年12月2日（水）02:30（シンガポール標準時）"


def test_a_span_within_a_month_is_one_leaf() -> None:
    start, end = date(2026, 8, 14), date(2026, 8, 16)

    assert dates.leaves(start, end, "en") == (Leaf("Aug 2026", "14–16", "Fri - Sun"),)
    assert dates.leaves(start, end, "ja") == (Leaf("2026年8月", "14–16", "金〜日曜日"),)


def test_a_span_over_two_months_is_two_leaves() -> None:
    start, end = date(2026, 12, 31), date(2027, 1, 3)

    assert dates.leaves(start, end, "en") == (Leaf("Dec 2026", "31", "Thu"), Leaf("Jan 2027", "3", "Sun"))


def test_a_single_sunday_is_not_read_as_part_of_its_number() -> None:
    assert dates.leaves(date(2026, 8, 30), None, "ja") == (Leaf("2026年8月", "30", "日曜日"),)
