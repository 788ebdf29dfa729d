"""What newer fields of stories look like, in both languages of one mail, in corrections and in every theme."""

import re

import pytest
from lxml import html as parser

from newsletter import config
from newsletter.config import Settings, look
from newsletter.rendering import editions, environment, plain
from newsletter.rendering.editions import Rendered
from newsletter.rendering.views import AnyStory, IssueView
from tests.conftest import ROOT
from tests.newsletter.rendering import everything, sample

CLIPPED = 102_000
"""Gmail shows no more bytes of a mail than that."""


def _render(settings: Settings, view: IssueView) -> Rendered:
    return editions.render(environment.create(), settings, view)


def _one(settings: Settings, story: AnyStory, language: str = "en") -> Rendered:
    return _render(settings, everything.issue(settings, language, stories=(story,)))


def _tree(rendered: Rendered) -> parser.HtmlElement:
    return parser.document_fromstring(rendered.html)


def _words(rendered: Rendered) -> str:
    return " ".join(_tree(rendered).text_content().split())


def test_hours_stand_by_days_with_the_clock_they_mean(settings: Settings) -> None:
    english, japanese = (_one(settings, everything.BANGKOK, language) for language in ("en", "ja"))

    assert "Hours: Thu 17 - Fri 18 Dec, 10:00 - 20:00\n  Sat 19 Dec, 10:00 - 18:00\n  Bangkok time\n" in english.text
    assert (
        "時間：12月17日（木）〜18日（金）　10:00〜20:00\n  12月19日（土）　10:00〜18:00\n  バンコク時間\n"
        in japanese.text
    )
    assert "Bangkok time" in _words(english)
    assert "Bangkok time" not in _one(settings, everything.BANGKOK.model_copy(update={"zone": "Asia/Singapore"})).text


def test_a_fair_is_where_its_country_is(settings: Settings) -> None:
    assert "City: Bangkok, Thailand\n" in _one(settings, everything.BANGKOK).text
    assert "開催地：タイ・バンコク\n" in _one(settings, everything.BANGKOK, "ja").text


def test_flyers_are_links_with_title_and_size(settings: Settings) -> None:
    rendered = _one(settings, everything.BANGKOK)
    flyer = everything.FLYERS[0]
    (link,) = _tree(rendered).xpath(f'//a[contains(@href, "{flyer.hash}")]')

    assert link.text == "Programme of the fair"
    assert "Programme of the fair PDF, 1.2 MB" in _words(rendered)
    assert f"Programme of the fair (PDF, 1.2 MB):\n{link.get('href')}\n" in rendered.text


@pytest.mark.parametrize(
    ("story", "offered"), [(everything.BANGKOK, True), (everything.CANCELLED, False), (everything.UNDATED, False)]
)
def test_only_what_takes_place_on_a_day_can_be_put_into_a_calendar(
    settings: Settings, story: AnyStory, *, offered: bool
) -> None:
    rendered = _one(settings, story)
    url = f"{settings.web.base_url}/en/stories/1.ics"

    assert (f'href="{url}"' in rendered.html) is offered
    assert (url in rendered.text.splitlines()) is offered


def test_a_list_of_contents_says_what_is_off(settings: Settings) -> None:
    japanese = _render(settings, everything.issue(settings, "ja"))

    for titled in ("【変更】バンコクのFIT", "【延期】バンコクのFIT", "【中止】バンコクのFIT"):
        assert titled in _words(japanese)
        assert f"- {titled}" in japanese.text.splitlines()


@pytest.mark.parametrize(("story", "label"), [(everything.YUZU, "Sample date"), (everything.BANGKOK, "Sample dates")])
def test_one_made_up_date_is_one_date(settings: Settings, story: AnyStory, label: str) -> None:
    rendered = _one(settings, story)

    assert f"({label})" in rendered.text
    assert re.search(rf">{label}<", rendered.html)


def test_a_notice_says_what_it_is_about(settings: Settings) -> None:
    rendered = _one(settings, everything.JET)

    assert rendered.text.index("\nJET Programme\n") > rendered.text.index("496 people")
    assert _words(rendered).index("JET Programme") < _words(rendered).index("496 people", 30)


def test_a_title_that_says_what_a_notice_is_about_is_enough(settings: Settings) -> None:
    words = {"en": everything.JET.texts["en"].model_copy(update={"title": "JET Programme: 496 people"})}

    rendered = _one(settings, everything.JET.model_copy(update={"texts": words}))

    assert "\nJET Programme\n" not in rendered.text
    assert ">JET Programme<" not in rendered.html


def test_a_correction_is_short_and_says_what_it_corrects(settings: Settings) -> None:
    rendered = _render(settings, everything.correction(settings, "en"))

    assert _words(rendered).index("Correction to No. 12") < _words(rendered).index("Lanterns & yuzu", 80)
    assert "Correction to No. 12\n" in rendered.text
    assert "No. 12 brought you what is corrected here" in plain.tidy(rendered.text).replace("\n", " ")
    assert "In this issue" not in rendered.html + rendered.text


def test_two_languages_share_a_masthead_and_a_footer(settings: Settings) -> None:
    rendered = _render(settings, everything.issue(settings, "ja", "en"))
    tree = _tree(rendered)

    assert tree.get("lang") == "ja"
    assert [heading.text_content() for heading in tree.iter("h1")] == ["提灯と柚子", "Lanterns & yuzu"]
    assert tree.xpath('//h1[ancestor::*[@lang][1][@lang="en"]]')[0].text_content() == "Lanterns & yuzu"
    for once in (rendered.fields["unsubscribe_url"], settings.office.postal_address):
        assert rendered.html.count(once) == 1
        assert rendered.text.count(once) == 1
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in tree.xpath('//a[starts-with(@href, "#")]/@href')} <= set(ids)


def test_each_language_of_a_mail_has_its_own_lines_and_sentences(settings: Settings) -> None:
    tree = _tree(_render(settings, everything.issue(settings, "ja", "en")))

    leading, second = (
        tree.xpath(f'(//p[contains(., "{words}")])[last()]/ancestor::*[contains(@style, "line-height")][1]/@style')[0]
        for words in ("80名が参加", "Eighty came")
    )
    assert "line-height:29px" in leading
    assert "line-height:25px" in second
    assert "会期" in tree.text_content()
    assert "Dates" in tree.text_content()


@pytest.mark.parametrize("theme", look.themes())
@pytest.mark.parametrize("languages", [("en",), ("ja", "en")])
def test_every_theme_draws_everything_in_little_room(
    settings: Settings, theme: str, languages: tuple[str, ...]
) -> None:
    own = config.load(ROOT / "config.toml", data_folder=settings.data_folder, look={"theme": theme})

    rendered = _render(own, everything.issue(own, *languages))

    tree = _tree(rendered)
    assert len(rendered.html.encode()) < CLIPPED * 0.8
    assert own.look.light.ink in rendered.html
    assert own.look.dark.paper in rendered.html.split("</head>")[0]
    for table in tree.iter("table"):
        assert table.get("role") == "presentation" or table.xpath(".//th[@scope='row']")
    for name, placeholder in rendered.fields.items():
        assert placeholder in rendered.html, name
        assert placeholder in rendered.text, name


def test_no_line_of_the_text_is_wider_than_its_column(settings: Settings) -> None:
    for language, columns in (("en", plain.COLUMNS), ("ja", plain.COLUMNS_JA)):
        text = _render(settings, everything.issue(settings, language)).text
        lines = [line for line in text.splitlines() if "://" not in line and "zq" not in line]

        assert max(map(plain.width, lines)) <= columns


def test_the_plain_text_writes_dates_out(settings: Settings) -> None:
    text = _render(settings, everything.issue(settings, "en", stories=(*everything.STORIES, sample.FAIR))).text

    assert "Dates: Friday 14 to Sunday 16 August 2026 (Sample dates)" in text
    assert "Period: Until Wednesday 30 September 2026 (Sample date)" in text
    assert "\nTuesday 4 August 2026\n" in text
