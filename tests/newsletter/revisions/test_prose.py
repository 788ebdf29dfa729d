"""Texts become Markdown and come back as they were."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from newsletter import revisions
from newsletter.folder import markdown
from newsletter.rendering import markup


@pytest.mark.parametrize(
    "text",
    [
        "One paragraph.\n\nAnother, with **strong** and *slanted* words.",
        "- one\n- two\n  - inside\n- three",
        "1. first\n2. second",
        "A list:\n\n- one\n\n- two\n\nAnd on.",
        "See [the page](https://example.org/a_(b)) or <https://example.org/fair> or <info@example.org>.",
        "Prices: 3 \\* 4, a_b, \\_c\\_, \\[no link\\](x), \\<b>, \\# no heading",
        "\\# no heading\n\\- no list\n1\\. no number",
        "One line\\\nand the next.",
        "**会場：**バンコク。**「FIT」**は旅行フェアです。",
        "一行目\\\n二行目",
        "**1**_1_ and *1*__1__",
    ],
)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_markdown_comes_back_to_the_same_text(text: str, language: str) -> None:
    html = markup.clean(markdown.html(text, language))

    assert markup.clean(markdown.html(revisions.markdown(html), language)) == html


@settings(max_examples=60)
@given(st.text(alphabet="ab *_[]()<>&#-+1.\\`!~=\n　あ漢。", max_size=40))
def test_whatever_is_written_settles_after_one_round(text: str) -> None:
    html = markup.clean(markdown.html(text, "ja"))
    once = markup.clean(markdown.html(revisions.markdown(html), "ja"))

    assert _words(once) == _words(html)


def test_emphasis_that_follows_the_same_at_once_is_one() -> None:
    assert revisions.markdown("<p><em>1</em><em>2 <strong>3</strong></em><em>4</em>5</p>") == "*12 **3**4*5"


def test_what_holds_no_words_is_empty() -> None:
    assert [revisions.markdown(text) for text in ("", "  ", "<!-- x -->", "<p></p>")] == ["", "", "", ""]


def test_for_reading_nothing_is_escaped_and_addresses_are_shown() -> None:
    html = '<p>3 * 4 at <a href="https://example.org/x">the fair</a></p>'

    assert revisions.markdown(html, escape=False) == "3 * 4 at [the fair](https://example.org/x)"


def _words(html: str) -> str:
    return "".join(Markup(html).striptags().split())  # noqa: S704 - only its tags are removed
