"""What is typed into the public form is data, whatever it looks like, or is refused with a reason."""

from dataclasses import replace
from datetime import date

import pytest

from newsletter import stories
from newsletter.content import Fair, Food, Industry, Notice
from newsletter.proposals import LIMITS, Wish, problems
from newsletter.proposals.wishes import content, tidy

WISH = Wish(
    organisation="Hachinohe City",
    name="Sato Hanako",
    email="pr@hachinohe.test",
    language="en",
    kind="fair",
    title="Aomori food fair",
    text="Apples, squid and festival music.\n\nCome and taste.",
    place="Orchard Plaza",
    starts="2026-12-17",
    ends="2026-12-20",
    url="https://hachinohe.test/fair",
)
LANGUAGES = ("en", "ja")

HOSTILE = [
    '<p class=MsoNormal><o:p>&nbsp;</o:p><span style="mso-fareast-font-family:MS">Word</span></p>',
    "<script>alert(1)</script> and <img src=x onerror=alert(1)>",
    "{{ settings.relay.password }} {% for a in b %} ${7*7} <%= 1 %>",
    "Bcc: everybody@example.org\nSubject: surprise, over two lines",
    "\u202egnp.exe \u200f\u2067rtl\u2069 مرحبا שלום plus more text",
    "👩‍👩‍👧 🎏🍎 emoji and half a surrogate \ufffd here",
    '\' OR 1=1; DROP TABLE story; -- and =HYPERLINK("x")',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_back_as_the_words_that_were_typed(text: str) -> None:
    wish = tidy(replace(WISH, text=text))

    assert problems(wish, languages=LANGUAGES) == {}
    body = stories.clean(content(wish)).texts["en"].body
    assert body.startswith("<p>")
    assert "<script" not in body
    assert "<img" not in body
    assert "<span" not in body
    for word in ("Word", "alert(1)", "settings.relay", "everybody@example.org", "gnp.exe", "🎏", "DROP TABLE"):
        assert (word in body) == (word in text)


def test_blank_lines_make_paragraphs_and_single_ones_break_the_line() -> None:
    body = content(tidy(replace(WISH, text="One\r\ntwo\r\n\r\n\r\nthree <b>four</b>"))).texts["en"].body

    assert body == "<p>One<br>two</p><p>three &lt;b&gt;four&lt;/b&gt;</p>"


def test_control_characters_and_line_breaks_do_not_get_into_a_title() -> None:
    wish = tidy(replace(WISH, title="Fair\r\nBcc: x@example.org\x00\x1b[31m"))

    assert wish.title == "Fair Bcc: x@example.org[31m"


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"title": ""}, {"title": "needed"}),
        ({"text": "short"}, {"text": "short"}),
        ({"text": "x" * (LIMITS["text"] + 1)}, {"text": "long"}),
        ({"email": "nobody"}, {"email": "address.incomplete"}),
        ({"url": "javascript:alert(1)"}, {"url": "url"}),
        ({"url": "https://a.test/ b"}, {"url": "url"}),
        ({"kind": "report"}, {"kind": "kind"}),
        ({"language": "xx"}, {"language": "language"}),
        ({"starts": "17/12"}, {"starts": "day"}),
        ({"ends": "2026-12-01"}, {"ends": "before"}),
    ],
)
def test_each_field_says_what_is_wrong_with_it(changes: dict[str, str], found: dict[str, str]) -> None:
    assert problems(tidy(replace(WISH, **changes)), languages=LANGUAGES) == found


def test_the_largest_form_that_is_accepted_makes_a_story() -> None:
    longest = {name: "あ" * most for name, most in LIMITS.items() if name not in ("text", "url")}
    wish = tidy(replace(WISH, **longest, text='"\n' * (LIMITS["text"] // 2), url="https://a.test/" + "b" * 900))

    assert problems(wish, languages=LANGUAGES) == {}
    assert content(wish).texts["en"].title == "あ" * LIMITS["title"]


def test_each_kind_takes_its_own_fields_and_loses_nothing() -> None:
    fair, food, industry, notice = (
        content(replace(WISH, kind=kind)) for kind in ("fair", "food", "industry", "notice")
    )

    assert isinstance(fair, Fair)
    assert (fair.starts, fair.ends, fair.texts["en"].venue) == (
        date(2026, 12, 17),
        date(2026, 12, 20),
        "Orchard Plaza",
    )
    assert isinstance(food, Food)
    assert (food.starts, food.texts["en"].where) == (date(2026, 12, 17), "Orchard Plaza")
    assert isinstance(industry, Industry)
    assert industry.deadline == date(2026, 12, 20)
    assert isinstance(notice, Notice)
    for other in (industry, notice):
        assert other.texts["en"].body.endswith("<p>Thu 17 - Sun 20 Dec 2026<br>Orchard Plaza</p>")
