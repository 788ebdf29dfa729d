"""No line ends inside a date, a count or a name with its number; and nothing but words is changed."""

import pytest
from markupsafe import Markup

from newsletter.rendering import typeset


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("担当地域の8か国から496人が活躍", ["8か国", "496人"]),
        ("お申し込みは2027年1月15日（金）まで", ["2027年", "1月15日（金）"]),
        ("「SAKURA 2026」で3種類のゆずを", ["SAKURA 2026", "3種類"]),
        ("第12号の20日（日・祝）", ["第12号", "20日（日・祝）"]),
    ],
)
def test_japanese_counts_and_dates_stay_on_one_line(text: str, held: list[str]) -> None:
    html = typeset.together(text, "ja")

    assert [piece.partition("</span>")[0] for piece in html.split('<span class="one">')[1:]] == held
    assert html.striptags() == text


@pytest.mark.parametrize(
    ("text", "set_"),
    [
        ("until Friday 15 January 2027.", "until Friday 15~January~2027."),
        ("Thu 17 - Sun 20 Dec 2026", "Thu~17~- Sun~20~Dec~2026"),
        ("A glass of yuzu at SAKURA 2026", "A glass of yuzu at SAKURA~2026"),
        ("Expo, Hall 5", "Expo, Hall~5"),
        ("In May 12 people and 10,000 more came", "In May 12 people and 10,000 more came"),
    ],
)
def test_english_dates_and_names_stay_on_one_line(text: str, set_: str) -> None:
    assert typeset.together(text, "en") == set_.replace("~", typeset.GLUE)


@pytest.mark.parametrize("language", ["en", "ja", "th"])
def test_tags_and_addresses_are_left_alone_and_plain_text_is_escaped(language: str) -> None:
    link = Markup('<a href="https://x.example.org/8か国?on=15 January 2027">here</a>')

    assert typeset.together(link, language) == link
    assert typeset.together("<b> & 5", language) == "&lt;b&gt; &amp; 5"
