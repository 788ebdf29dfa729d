"""Inlining keeps what its library would lose by default."""

import re

import pytest

from newsletter.rendering import inlining

KEPT = """
@media (prefers-color-scheme: dark) { .text { color: #eceef2 !important; } }
[data-ogsc] .text { color: #eceef2 !important; }
u + .body p:nth-child(2) { color: rgb(1 2 3 / .5); }
"""
LIGHT = (
    "@media (prefers-color-scheme:dark){.text{color:#eceef2!important;}}"
    "[data-ogsc] .text{color:#eceef2!important;}"
    "u + .body p:nth-child(2){color:rgb(1 2 3 / .5);}"
)
"""The same without blanks that mean nothing."""


def _document(body: str, plain: str = "", kept: str = "") -> str:
    return (
        f'<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>t</title><style>{plain}</style>'
        f'<style data-premailer="ignore">{kept}</style></head><body>{body}</body></html>'
    )


def test_plain_rules_are_written_into_elements_and_their_sheet_is_gone() -> None:
    result = inlining.inline(_document('<p class="a">x</p>', ".a { color: #a8382b; mso-padding-alt: 1px; }"))

    assert '<p style="color:#a8382b;mso-padding-alt:1px">x</p>' in result
    assert result.count("<style") == 1


def test_the_other_sheet_is_kept_but_for_its_blanks() -> None:
    result = inlining.inline(_document("<p>x</p>", "p { margin: 0; }", KEPT))

    assert f"<style>{LIGHT}</style>" in result


def test_only_classes_that_a_kept_rule_asks_for_stay() -> None:
    result = inlining.inline(_document('<p class="text story" title="a &gt; b">a class="b" c</p>', "", KEPT))

    assert '<p class="text" title="a &gt; b">a class="b" c</p>' in result


def test_a_media_rule_left_in_the_plain_sheet_keeps_its_weight() -> None:
    left = "@media (max-width: 620px) { .a { width: auto !important } }"

    result = inlining.inline(_document('<p class="a">x</p>', f"p {{ margin: 0; }} {left}"))

    assert re.search(r"@media \(max-width:620px\){\.a{width:auto!important", result)


def test_a_width_for_outlook_is_not_overwritten() -> None:
    result = inlining.inline(_document('<img src="x" alt="" width="520" style="width:100%">', "img { border: 0; }"))

    assert 'width="520"' in result


@pytest.mark.parametrize(
    "piece",
    [
        '<a href="zq0123456789abcdefunsubscribeurlqz">x</a>',
        '<a href="mailto:zq0123456789abcdefunsubscribeaddressqz">x</a>',
        '<a href="https://example.org/?a=1&amp;b=2#c">x</a>',
        '<a href="#story-1">x</a>',
        '<!--[if mso]><table role="presentation"><tr><td><![endif]-->',
        '<p lang="ja">「柚子」〜①髙🍊</p>',
    ],
)
def test_addresses_comments_and_scripts_come_out_as_they_went_in(piece: str) -> None:
    assert piece in inlining.inline(_document(piece))


def test_no_address_is_fetched() -> None:
    sheet = '<link rel="stylesheet" href="http://127.0.0.1:9/never.css">'

    assert sheet in inlining.inline(_document(sheet, "p { margin: 0; }"))


def test_a_style_sheet_read_before_is_applied_like_the_first_time() -> None:
    page = "<html><head><style>p { color: #111111 !important } p.a { margin: 0 }</style></head><body>%s</body></html>"

    first, second = (inlining.inline(page % body) for body in ('<p class="a">one</p>', '<p class="a">two</p><p>x</p>'))

    assert second.count("color:#111") == 2
    assert second.replace("two", "one").replace('<p style="color:#111 !important">x</p>', "") == first
