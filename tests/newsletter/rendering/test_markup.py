"""Bodies keep their words and lose what could harm; plain lines gain links."""

import pytest

from newsletter.rendering import markup


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("<p>a <strong>b</strong> <em>c</em><br>d</p>", "<p>a <strong>b</strong> <em>c</em><br>d</p>"),
        ("<ol><li>a</li></ol><ul><li>b</li></ul>", "<ol><li>a</li></ol><ul><li>b</li></ul>"),
        ('<a href="https://example.org/?a=1&amp;b=2">a</a>', '<a href="https://example.org/?a=1&amp;b=2">a</a>'),
        (
            '<a href="mailto:a@example.org" onclick="x()" style="color:red">a</a>',
            '<a href="mailto:a@example.org">a</a>',
        ),
        ('<a href="javascript:x()">a</a>', "<a>a</a>"),
        ('<a href="data:text/html,x">a</a>', "<a>a</a>"),
        ("<h1>a</h1>", "a"),
        ("a<script>x()</script><style>p{}</style>b", "ab"),
        ('a<img src=x onerror="x()">b', "ab"),
        ('<p class="solid" id="story-1">a</p>', "<p>a</p>"),
        ("<svg><a xlink:href='javascript:x()'>a</a></svg>", ""),
    ],
)
def test_only_the_small_subset_is_left(source: str, result: str) -> None:
    assert markup.clean(source) == result


def test_cleaning_twice_changes_nothing() -> None:
    once = markup.clean('<p>1 &lt; 2 &amp; <a href="https://example.org/?a=1&b=2">a</a></p>')

    assert markup.clean(once) == once


def test_addresses_in_a_line_become_links() -> None:
    line = markup.linked("Desk <1>: a.b@example.org, https://example.org/x?a=1&b=2.")

    assert line == (
        'Desk &lt;1&gt;: <a href="mailto:a.b@example.org">a.b@example.org</a>, '
        '<a href="https://example.org/x?a=1&amp;b=2">https://example.org/x?a=1&amp;b=2</a>.'
    )


def test_japanese_around_an_address_is_no_part_of_it() -> None:
    line = markup.linked("お問い合わせ：info@example.org（または、https://example.org/ja/）")

    assert line == (
        'お問い合わせ：<a href="mailto:info@example.org">info@example.org</a>'
        '（または、<a href="https://example.org/ja/">https://example.org/ja/</a>）'
    )


@pytest.mark.parametrize("line", ["", "65-6224-7927", "@example", "a@b", "http://", "Hall 5, 10:00"])
def test_a_line_without_addresses_stays_as_it_is(line: str) -> None:
    assert markup.linked(line) == line
