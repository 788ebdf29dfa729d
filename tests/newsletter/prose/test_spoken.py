"""Whatever number, time or year is written in one of the usual ways, the same is read again."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import prose
from newsletter.prose import Facts
from newsletter.prose.english import numerals as english
from newsletter.prose.japanese import numerals as japanese

NEAR = date(2026, 12, 1)
FULL_WIDTH = str.maketrans("0123456789,.", "０１２３４５６７８９，．")
KANJI = "〇一二三四五六七八九"
ONES = ["", *list(english.ONES)[:19]]
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBERS = st.integers(1, 9_999) | st.integers(1, 999_999_999)


def _read(text: str, language: str) -> Facts:
    facts = prose.read(text, language, NEAR)
    assert facts is not None
    return facts


def _in_kanji(number: int) -> str:
    """Return 1,0203,0405 as 一億二百三万四百五."""
    said = ""
    for unit, name in ((10**8, "億"), (10**4, "万"), (1, "")):
        part, number = divmod(number, unit)
        if part:
            said += _small_kanji(part) + name
    return said


def _small_kanji(number: int) -> str:
    said = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            said += ("" if digit == 1 and name else KANJI[digit]) + name
    return said


def _mixed(number: int) -> str:
    """Return 102030405 as 1億203万405."""
    said = ""
    for unit, name in ((10**8, "億"), (10**4, "万"), (1, "")):
        part, number = divmod(number, unit)
        said += f"{part:,}{name}" if part else ""
    return said


def _in_words(number: int) -> str:
    for unit, name in ((10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= unit:
            more = number % unit
            joint = " and " if unit == 100 else " "
            return f"{_in_words(number // unit)} {name}" + (f"{joint}{_in_words(more)}" if more else "")
    return ONES[number] if number < 20 else "-".join(filter(None, (TENS[number // 10], ONES[number % 10])))


@given(NUMBERS)
def test_a_number_is_read_however_japanese_writes_it(number: int) -> None:
    for written in (str(number), f"{number:,}", f"{number:,}".translate(FULL_WIDTH), _mixed(number)):
        assert japanese.value(written) == number
        assert number < 10 or set(_read(f"約{written}人", "ja").numbers) == {number}
    assert japanese.value(_in_kanji(number)) == number
    assert japanese.value("".join(KANJI[int(digit)] for digit in str(number))) == number


@given(NUMBERS)
def test_a_number_is_read_however_english_writes_it(number: int) -> None:
    for written in (str(number), f"{number:,}"):
        assert number < 10 or set(_read(f"about {written} people", "en").numbers) == {number}
    assert english.value(_in_words(number)) == number
    assert number < 10 or number in _read(f"about {_in_words(number)} people", "en").spoken


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("3割引、5割5分", {30, 55}),
        ("令和8年度、平成30年、昭和元年、R9年", {2026, 2018, 1926, 2027}),
        ("2千5百万円、1.5億円、１２．５％", {25_000_000, 150_000_000, 12.5}),
        ("千葉県、三重県、八戸、九州、四国", set()),
        ("令和八年度の予算", {2026}),
    ],
)
def test_shares_eras_and_names_are_read_in_japanese(text: str, numbers: set[float]) -> None:
    assert set(_read(text, "ja").numbers) == numbers


@pytest.mark.parametrize(
    ("text", "numbers", "spoken"),
    [
        ("1.1 million, 5 lakh, 2 crore and 1,20,000", {1_100_000, 500_000, 20_000_000, 120_000}, set()),
        ("S$1.2m, 50k, 12m wide", {1_200_000, 50_000, 12}, set()),
        ("half a million, a dozen, two dozen, a hundred", set(), {500_000, 12, 24, 100}),
        ("twenty-five towns, eighty thousand people", set(), {25, 80_000}),
        ("a thousand and one nights, three hundred and sixty-five days", set(), {1001, 365}),
        ("another one, someone, a man, weight", set(), set()),
    ],
)
def test_scales_and_words_are_read_in_english(text: str, numbers: set[float], spoken: set[float]) -> None:
    facts = _read(text, "en")

    assert set(facts.numbers) == numbers
    assert facts.spoken == spoken


@given(st.integers(0, 23), st.sampled_from([0, 5, 15, 30, 45, 59]))
def test_a_time_is_read_however_it_is_written(hour: int, minute: int) -> None:
    half, twelve = ("午後", "pm") if hour >= 12 else ("午前", "am"), hour % 12 or 12
    minutes = f"{minute}分" if minute else ""
    for text in (
        f"{half[0]}{hour % 12}時{minutes}", f"{hour}:{minute:02}",
        f"{half[0]}{_small_kanji(hour % 12) or '零'}時{minutes}",
        f"{half[0]}{hour % 12}:{minute:02}".translate(FULL_WIDTH).replace(":", "："),
    ):  # fmt: skip
        assert set(_read(text, "ja").times) == {(hour, minute)}, text
    for text in (
        f"at {twelve}:{minute:02} {half[1]}", f"at {twelve}.{minute:02}{half[1]}", f"{hour:02}:{minute:02}",
        f"{hour:02}{minute:02} hrs", f"{twelve}:{minute:02} {half[1][0]}.m.",
    ):  # fmt: skip
        assert set(_read(text, "en").times) == {(hour, minute)}, text


@pytest.mark.parametrize(
    ("text", "language", "times", "loose"),
    [
        ("half past three in the afternoon", "en", {(15, 30)}, set()),
        ("half past three; a quarter to ten", "en", {(3, 30), (9, 45)}, {(3, 30), (9, 45)}),
        ("noon to midnight, 12 noon", "en", {(12, 0), (0, 0)}, set()),
        ("8 o’clock at night, three o'clock", "en", {(20, 0), (3, 0)}, {(3, 0)}),
        ("from 10.30am till 5.30pm", "en", {(10, 30), (17, 30)}, set()),
        ("午後1時から3時半まで", "ja", {(13, 0), (3, 30)}, {(3, 30)}),
        ("正午、夜7時、朝9時、深夜1時、24時", "ja", {(12, 0), (19, 0), (9, 0), (1, 0), (0, 0)}, {(1, 0)}),
        ("３時間、24時間営業、その時点", "ja", set(), set()),
        ("27:00, 10:75, 25時", "ja", set(), set()),
    ],
)  # fmt: skip
def test_times_that_leave_the_half_of_the_day_open_are_marked(
    text: str, language: str, times: set[tuple[int, int]], loose: set[tuple[int, int]]
) -> None:
    facts = _read(text, language)

    assert (set(facts.times), set(facts.loose)) == (times, loose)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("令和8年（2026年）12月18日（金・祝）", ["2026-12-18"]),
        ("2026年（令和8年）12月18日", ["2026-12-18"]),
        ("R8.12.18、2026/12/18、2026.12.18", ["2026-12-18", "2026-12-18", "2026-12-18"]),
        ("令和八年十二月十八日", ["2026-12-18"]),
        ("平成三十年四月一日", ["2018-04-01"]),
        ("十日町市と八日市場、三十日間、1日1回、2日以内", []),
    ],
)
def test_dates_are_found_in_official_japanese(text: str, days: list[str]) -> None:
    assert [str(mention.day) for mention in _read(text, "ja").dates] == days


@pytest.mark.parametrize(
    ("text", "language", "days"),
    [
        ("12月18日に開幕し、20日まで", "ja", {"2026-12-20"}),
        ("12/18〜12/20", "ja", {"2026-12-18", "2026-12-20"}),
        ("It opens on 18 December; the 20th is the last day.", "en", {"2026-12-20"}),
        ("December 18, 19 and 20", "en", {"2026-12-19", "2026-12-20"}),
        ("18/12/2026", "en", {"2026-12-18"}),
        ("On 18 December the 20th anniversary is kept", "en", set()),
    ],
)
def test_what_is_probably_a_date_only_answers_the_other_language(text: str, language: str, days: set[str]) -> None:
    assert {str(day) for day in _read(text, language).days} == days


@pytest.mark.parametrize("text", ["18, 19 and 20 December", "18th, 19th & 20th of December", "18-Dec-2026"])
def test_lists_before_a_month_are_dates(text: str) -> None:
    assert {mention.day.month for mention in _read(text, "en").dates if mention.day} == {12}
    assert len(_read(text, "en").dates) == (1 if "-" in text else 3)


HOSTILE = ("1" * 50_000, "1," * 25_000, "one " * 12_000, " " * 50_000, "午後" * 25_000, "十" * 50_000, "12月" * 16_000)


@pytest.mark.parametrize(
    "text", [*HOSTILE, "18 and " * 7_000, "Friday the " * 4_000, "1-" * 25_000, "12月18日20日" * 6_000]
)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_text_as_long_as_may_be_saved_is_read(text: str, language: str) -> None:
    assert isinstance(_read(text, language), Facts)
