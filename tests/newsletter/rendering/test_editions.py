"""An edition is safe, complete and light, in HTML and text, in both languages."""

import itertools
import re
from datetime import date
from pathlib import Path

import pytest
from lxml import html as parser

from newsletter import paths
from newsletter.config import Settings
from newsletter.content import Fair, FairText, Notice, Text
from newsletter.errors import TemplateError
from newsletter.message import fields
from newsletter.rendering import editions, environment, plain
from newsletter.rendering.editions import Rendered
from newsletter.rendering.views import AnyStory
from tests.newsletter.rendering import sample

LANGUAGES = ["en", "ja"]
LIGHT_ENOUGH = 70_000
"""Gmail cuts at 102 KB; a check warns at 80."""


def _render(settings: Settings, language: str = "en", stories: tuple[AnyStory, ...] = sample.STORIES) -> Rendered:
    return editions.render(environment.create(), settings, sample.issue(settings, language, stories))


def _tree(rendered: Rendered) -> parser.HtmlElement:
    return parser.document_fromstring(rendered.html)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_has_its_place_in_html_and_text(settings: Settings, language: str) -> None:
    rendered = _render(settings, language)

    assert set(rendered.fields) == set(fields.NAMES)
    for name, placeholder in rendered.fields.items():
        assert placeholder in rendered.html, name
        assert placeholder in rendered.text, name


def test_links_for_the_reader_are_whole_addresses(settings: Settings) -> None:
    rendered = _render(settings)
    links = [link.get("href") for link in _tree(rendered).iter("a")]

    assert rendered.fields["unsubscribe_url"] in links
    assert rendered.fields["topics_url"] in links
    assert f"mailto:{rendered.fields['unsubscribe_address']}" in links
    for name in ("unsubscribe_url", "topics_url", "unsubscribe_address"):
        assert rendered.fields[name] in rendered.text.splitlines()


def test_an_edition_rendered_again_differs_by_its_placeholders_alone(settings: Settings) -> None:
    first, second = _render(settings), _render(settings)

    assert not any(placeholder in second.html for placeholder in first.fields.values())
    for name, placeholder in second.fields.items():
        assert second.html.count(placeholder) == first.html.count(first.fields[name]) > 0
    assert _without_fields(first) == _without_fields(second)


def test_no_word_of_an_editor_becomes_a_placeholder(settings: Settings) -> None:
    word = "zqkeptunsubscribeurlqz"
    notice = Notice(texts={"en": Text(title=f"Read {word}")})

    rendered = _render(settings, "en", (notice,))

    assert f"Read {word}" in _tree(rendered).text_content()
    assert rendered.fields["unsubscribe_url"] in [link.get("href") for link in _tree(rendered).iter("a")]


def _without_fields(rendered: Rendered) -> str:
    html = rendered.html
    for name, placeholder in rendered.fields.items():
        html = html.replace(placeholder, name)
    return html


def test_an_empty_name_leaves_no_trace(settings: Settings) -> None:
    rendered = _render(settings)
    place = rendered.fields["name"]

    assert re.search(rf'<div class="ink"[^>]*><strong>{place}</strong></div>', rendered.html)
    assert place in rendered.text.splitlines()
    assert "  " not in rendered.text.replace(place, "").split("Unsubscribe")[1]


def test_placeholders_differ_from_edition_to_edition(settings: Settings) -> None:
    assert set(_render(settings).fields.values()).isdisjoint(_render(settings).fields.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_dark_and_narrow_rules_survive_with_their_weight(settings: Settings, language: str) -> None:
    rendered = _render(settings, language)
    system, outlook = re.findall(r"<style>(.*?)</style>", rendered.html.split("<![endif]-->", 1)[1], re.DOTALL)
    dark = settings.look.dark

    assert re.search(r"@media \(prefers-color-scheme:dark\){\.wash{background-color:#\w{6}!important;}", system)
    assert re.search(r"@media only screen and \(max-width:620px\){\.gutter{padding:0!important;}", system)
    assert f"[data-ogsb] .paper{{background-color:{dark.paper}!important;}}" in outlook
    assert f"[data-ogsc] .of-food{{color:{dark.food}!important;}}" in outlook
    for sheet in (system.split("dark){")[1], outlook):
        rules = re.findall(r"{([^{}]*)}", sheet)
        assert rules
        assert all("!important" in rule for rule in rules)
    assert "data-premailer" not in rendered.html


def test_no_dark_rule_is_written_into_an_element(settings: Settings) -> None:
    body = _render(settings).html.split("<body", 1)[1]

    assert "!important" not in body
    for colour in (settings.look.dark.ink, settings.look.dark.paper, settings.look.dark.food):
        assert colour not in body


@pytest.mark.parametrize("language", LANGUAGES)
def test_styles_hold_only_what_the_big_clients_know(settings: Settings, language: str) -> None:
    tree = _tree(_render(settings, language))

    for element in tree.iter("td", "p", "h1", "h2", "h3", "a", "table", "span", "div", "img"):
        style = element.get("style", "")
        assert not re.search(r"var\(|calc\(|flex|grid|position|float|rgba?\(|%23|background-image", style), style


def test_every_layout_table_says_so_and_every_list_of_facts_has_labels(settings: Settings) -> None:
    tree = _tree(_render(settings))

    for table in tree.iter("table"):
        if table.get("role") != "presentation":
            assert all(row[0].tag == "th" and row[0].get("scope") == "row" for row in table.iter("tr"))
    assert len(tree.xpath("//table[not(@role)]")) == 3  # the facts of the fair, the food and the seminar


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_go_down_one_step_at_a_time(settings: Settings, language: str) -> None:
    levels = [int(heading.tag[1]) for heading in _tree(_render(settings, language)).iter("h1", "h2", "h3", "h4")]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_the_contents_list_leads_to_each_story(settings: Settings) -> None:
    tree = _tree(_render(settings))
    anchors = [link.get("href")[1:] for link in tree.iter("a") if (link.get("href") or "").startswith("#")]

    assert anchors == [f"story-{number}" for number in range(1, len(sample.STORIES) + 1)]
    assert all(tree.get_element_by_id(anchor) is not None for anchor in anchors)


def test_one_story_needs_no_contents_list(settings: Settings) -> None:
    rendered = _render(settings, stories=(sample.NOTICE,))

    assert "In this issue" not in rendered.html
    assert "In this issue" not in rendered.text


@pytest.mark.parametrize(("language", "other"), [("en", "ja"), ("ja", "en")])
def test_the_masthead_speaks_both_languages_and_marks_the_other(settings: Settings, language: str, other: str) -> None:
    tree = _tree(_render(settings, language))
    marked = " ".join(element.text_content() for element in tree.xpath(f'//*[@lang="{other}"]'))
    both = {"en": ("No. 12", "Tue 4 Aug 2026"), "ja": ("第12号", "2026年8月4日（火）")}

    assert tree.get("lang") == language
    for words in (settings.office.name[other], settings.publication.title[other], *both[other]):
        assert words in marked
    for words in (settings.office.name[language], *both[language]):
        assert words in tree.text_content()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_preheader_comes_first_and_is_padded(settings: Settings, language: str) -> None:
    first = _tree(_render(settings, language)).body[0]
    padding = first[0]

    assert first.text == sample.TEXTS[language].preheader
    assert padding.get("aria-hidden") == "true"
    assert len(padding.text or "") > 100
    assert not re.search(r"\w", padding.text or "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_footer_says_who_and_how_to_reach_them(settings: Settings, language: str) -> None:
    rendered = _render(settings, language)
    office = settings.office

    for part in (plain.wrap(office.full_name[language], language), office.postal_address, office.address):
        assert part in rendered.text
    assert office.data_contact in rendered.text
    for address in (office.address, office.data_contact):
        assert f'href="mailto:{address}"' in rendered.html
    for url in (f"/{language}/", *sample.issue(settings, language).other_pages.values()):
        assert url in rendered.text
        assert url in rendered.html


@pytest.mark.parametrize(("language", "label"), [("en", "Sample dates"), ("ja", "日付は見本です")])
def test_made_up_dates_are_labelled_and_real_ones_are_not(settings: Settings, language: str, label: str) -> None:
    made_up = _render(settings, language, (sample.FAIR,))
    real = _render(settings, language, (sample.FAIR.model_copy(update={"sample": False}),))

    assert label in made_up.html
    assert label in made_up.text
    assert label not in real.html
    assert label not in real.text


@pytest.mark.parametrize(
    ("status", "said"), [("changed", "Details changed"), ("postponed", "Postponed"), ("cancelled", "Cancelled")]
)
def test_a_fair_that_is_not_as_planned_says_so(settings: Settings, status: str, said: str) -> None:
    rendered = _render(settings, stories=(sample.FAIR.model_copy(update={"status": status}),))

    (kicker,) = _tree(rendered).xpath("//p[following-sibling::*[1][self::h3]]")
    assert kicker.text_content() == said
    assert f"*** {said} ***" in rendered.text
    assert ("line-through" in rendered.html) is (status != "changed")
    assert ("Add to calendar" in rendered.html) is (status == "changed")


def test_an_industry_story_leads_with_who_and_until_when(settings: Settings) -> None:
    rendered = _render(settings, stories=(sample.INDUSTRY,))
    story = rendered.text.split("Industry and business")[1]

    places = [
        story.index(part)
        for part in ("Who may apply: Local governments", "Apply by: Friday 25 September 2026", "Free.")
    ]
    assert places == sorted(places)


def test_a_picture_has_its_words_and_its_credit(settings: Settings) -> None:
    tree = _tree(_render(settings, "ja", (sample.FAIR,)))
    (picture,) = tree.iter("img")

    assert picture.get("alt") == "提灯の下のブース"
    assert picture.get("src") == f"{settings.web.base_url}/i/{'a' * 64}"
    assert picture.get("width") == "520"
    assert "カウンターでどうぞ。 画像：J.CLAIR Singapore" in tree.text_content()


def test_empty_fields_leave_neither_label_nor_gap(settings: Settings) -> None:
    bare = Fair(topic="fairs", texts={language: FairText(title="Bare") for language in LANGUAGES})

    rendered = _render(settings, stories=(bare, sample.NOTICE))

    assert not any(label in rendered.text for label in ("Dates", "Venue", "Hours", "City", "Taking part", "Map"))
    assert 'class="facts"' not in rendered.html
    assert "<img" not in rendered.html
    assert "\n\n\n" not in rendered.text


def test_an_editor_s_words_are_data(settings: Settings) -> None:
    evil = Text(title="<script>alert(1)</script> {{ 7*7 }}", body='<p onclick="x()">a<script>b()</script>{{ 7*7 }}</p>')
    story = sample.NOTICE.model_copy(update={"texts": {"en": evil}})

    rendered = _render(settings, stories=(story,))

    assert "<script" not in rendered.html
    assert "onclick" not in rendered.html
    assert "{{ 7*7 }}" in rendered.html
    assert "49" not in _tree(rendered).xpath("string(//h3)")


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_keeps_to_its_column(settings: Settings, language: str) -> None:
    rendered = _render(settings, language)

    for line in rendered.text.splitlines():
        assert plain.width(line) <= plain.COLUMNS or " " not in line, line
        assert line == line.rstrip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_ten_stories_are_light(settings: Settings, language: str) -> None:
    body = "<p>" + ("柚子の収穫です。" * 40 if language == "ja" else "The yuzu harvest is on. " * 20) + "</p>"
    stories = tuple(
        story.model_copy(update={"texts": {language: story.texts[language].model_copy(update={"body": body})}})
        for story in (
            sample.FAIR,
            sample.FAIR,
            sample.FAIR,
            *sample.STORIES[1:],
            sample.FOOD,
            sample.INDUSTRY,
            sample.FAIR,
        )
    )

    rendered = _render(settings, language, stories)

    assert len(stories) == 10
    assert len(rendered.html.encode()) < LIGHT_ENOUGH


def test_the_office_s_colours_are_used(settings: Settings) -> None:
    look = settings.look
    own = look.model_copy(update={"light": look.light.model_copy(update={"food": "#123456", "ink": "#010203"})})
    changed = settings.model_copy(update={"look": own})

    rendered = _render(changed)

    assert "#123456" in rendered.html
    assert look.light.ink not in rendered.html
    assert look.light.food not in rendered.html


def test_a_date_in_the_text_is_the_day_of_the_story(settings: Settings) -> None:
    fair = sample.FAIR.model_copy(update={"starts": date(2026, 12, 31), "ends": date(2027, 1, 3)})

    assert "会期：2026年12月31日（木）〜2027年1月3日（日）" in _render(settings, "ja", (fair,)).text


def test_a_mistake_in_an_office_s_template_is_one_sentence(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail/issue.html.j2").write_text("{% if %}", encoding="utf-8")

    with pytest.raises(TemplateError, match=r"mail/issue\.html\.j2, line 1"):
        editions.render(environment.create(tmp_path), settings, sample.issue(settings, "en"))


def test_every_mail_template_says_what_it_is() -> None:
    folder = paths.bundled("templates") / "mail"
    pieces = [path for path in folder.rglob("*.html.j2") if path.parent.name != "letters"]

    assert len(pieces) > 10
    for path in pieces:
        assert path.read_text(encoding="utf-8").startswith("{#"), path.name
