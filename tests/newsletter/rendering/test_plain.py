"""Plain text keeps to its column in both scripts and loses nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.rendering import plain

SCRIPTS = st.text(alphabet="abc de,.()「」。、（）ーっ柚子トラ1 ", max_size=400)


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("柚子", 4), ("ｱｲ", 2), ("Ａ", 2), ("é", 1), ("e\u0301", 1), ("", 0)]
)
def test_full_width_characters_take_two_columns(text: str, columns: int) -> None:
    assert plain.width(text) == columns


def test_latin_text_is_broken_at_72_columns() -> None:
    wrapped = plain.wrap("word " * 40, "en")

    assert [len(line) for line in wrapped.splitlines()] == [69, 69, 59]


def test_japanese_text_is_broken_after_34_full_width_characters() -> None:
    wrapped = plain.wrap("漢" * 80, "ja")

    assert [len(line) for line in wrapped.splitlines()] == [34, 34, 12]


@pytest.mark.parametrize("mark", "。、）」ーっ！")
def test_a_line_does_not_start_with_a_closing_mark(mark: str) -> None:
    lines = plain.wrap("漢" * 34 + mark + "字", "ja").splitlines()

    assert lines == ["漢" * 33, f"漢{mark}字"]


def test_a_line_does_not_end_with_an_opening_mark() -> None:
    lines = plain.wrap("漢" * 33 + "「字」", "ja").splitlines()

    assert lines == ["漢" * 33, "「字」"]


def test_a_latin_word_within_japanese_is_not_broken() -> None:
    lines = plain.wrap("漢" * 32 + "Singapore" + "字", "ja").splitlines()

    assert lines == ["漢" * 32, "Singapore字"]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_an_address_is_never_broken(language: str) -> None:
    address = f"https://example.org/{'long-' * 30}?a=1&b=2"

    assert address in plain.wrap(f"See {address} for more, 柚子も。", language).splitlines()


def test_further_lines_of_an_item_are_indented() -> None:
    lines = plain.wrap("- " + "word " * 20, "en", "  ").splitlines()

    assert lines[1].startswith("  word")
    assert all(plain.width(line) <= plain.COLUMNS for line in lines)


@given(SCRIPTS, st.sampled_from(["en", "ja"]))
def test_wrapping_only_moves_spaces(text: str, language: str) -> None:
    wrapped = plain.wrap(text, language)

    assert "".join(wrapped.split()) == "".join(text.split())


@given(SCRIPTS, st.sampled_from(["en", "ja"]))
def test_only_what_cannot_be_broken_stands_out(text: str, language: str) -> None:
    limit = plain.COLUMNS_JA if language == "ja" else plain.COLUMNS

    for line in plain.wrap(text, language).splitlines():
        assert plain.width(line) <= limit or len(list(plain._units(line.strip()))) == 1


def test_a_heading_is_underlined_as_long_as_it_is_wide() -> None:
    assert plain.underlined("柚子 A", "=", "ja") == "柚子 A\n======"


def test_tidying_evens_out_blank_lines() -> None:
    assert plain.tidy("\n\na  \n\n\n\nb\n \n\nc") == "a\n\nb\n\nc\n"


def test_a_body_becomes_paragraphs_items_and_addresses() -> None:
    body = (
        '<p>Ask about <a href="https://example.org/t?a=1&amp;b=2">the <em>talks</em></a>,<br>or come &amp; see.</p>'
        "<ul><li>One</li><li>Two</li></ul><ol><li>First</li><li>Then</li></ol>loose <strong>end</strong>"
    )

    assert plain.from_html(body, "en") == (
        "Ask about the talks,\nor come & see.\nhttps://example.org/t?a=1&b=2\n\n"
        "- One\n- Two\n\n1. First\n2. Then\n\nloose end"
    )


def test_an_address_shown_in_words_is_not_repeated() -> None:
    body = '<p>Write to <a href="mailto:info@example.org">info@example.org</a>.</p>'

    assert plain.from_html(body, "en") == "Write to info@example.org."


def test_the_address_of_an_item_stands_below_it() -> None:
    body = '<ul><li><a href="https://example.org/a">A</a></li></ul>'

    assert plain.from_html(body, "en") == "- A\n  https://example.org/a"


@pytest.mark.parametrize("body", ["", "  ", "<p></p>", "<p> <br> </p>"])
def test_an_empty_body_is_empty_text(body: str) -> None:
    assert plain.from_html(body, "en") == ""
