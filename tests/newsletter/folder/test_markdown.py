"""Markdown becomes the small HTML subset, in Japanese without stray spaces."""

import pytest

from newsletter.folder import markdown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("これは**「重要」**です。", "<p>これは<strong>「重要」</strong>です。</p>"),
        ("これは\n続きです。", "<p>これは続きです。</p>"),
        ("これは\n**「重要」**です。\n1月9日", "<p>これは<strong>「重要」</strong>です。1月9日</p>"),
        ("名前は\nABC\nです。", "<p>名前はABCです。</p>"),
        ("一つ目。\n\n二つ目。", "<p>一つ目。</p>\n<p>二つ目。</p>"),
        ("次の通り。\n\n- 一\n- 二", "<p>次の通り。</p>\n<ul>\n<li>一</li>\n<li>二</li>\n</ul>"),
        ("次の通り。\n- 一\n- 二", "<p>次の通り。</p>\n<ul>\n<li>一</li>\n<li>二</li>\n</ul>"),
        ("順に。\n1. 一\n2. 二", "<p>順に。</p>\n<ol>\n<li>一</li>\n<li>二</li>\n</ol>"),
    ],
)
def test_japanese_is_set_as_it_is_written(text: str, html: str) -> None:
    assert markdown.html(text, "ja") == html


def test_english_keeps_its_spaces() -> None:
    assert markdown.html("one\ntwo 日本\nthree", "en") == "<p>one\ntwo 日本\nthree</p>"


def test_links_and_addresses_are_links() -> None:
    html = markdown.html("[Write](mailto:a@example.org) or *see* <https://www.example.org/>", "en")

    assert '<a href="mailto:a@example.org">Write</a>' in html
    assert '<a href="https://www.example.org/">' in html
    assert "<em>see</em>" in html


def test_html_shows_as_it_is_written() -> None:
    assert "<script>" not in markdown.html("<script>alert(1)</script>\n\na <b>b</b>", "en")


def test_text_that_is_moved_in_is_not_code() -> None:
    assert markdown.html("    moved in", "en") == "<p>moved in</p>"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("# Heading", "headings"),
        ("Heading\n=======", "headings"),
        ("> said", "quotations"),
        ("---", "lines"),
        ("![alt](x.png)", "pictures"),
        ("```\ncode\n```", "code blocks"),
        ("a `b` c", "code"),
    ],
)
def test_what_a_letter_cannot_show_is_named(text: str, what: str) -> None:
    assert [thing for thing in markdown.refused(text) if thing.startswith(what)]


def test_ordinary_text_is_not_refused() -> None:
    assert markdown.refused("A *fair*, **bold**\n\n1. one\n2. [two](https://www.example.org/)\n\nend  \nof it") == []


def test_a_line_written_over_several_lines_is_one_line() -> None:
    assert markdown.line("  One\n   two\n", "en") == "One two"
    assert markdown.line("一つの\n  行です\n", "ja") == "一つの行です"
