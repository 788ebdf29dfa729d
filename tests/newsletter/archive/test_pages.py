"""The article of an issue says everything the issue says, and nothing an editor's HTML smuggles in."""

import dataclasses

import pytest
from lxml import html

from newsletter.archive import pages
from newsletter.config import Settings
from newsletter.content import Fair, FairText, IssueText
from newsletter.rendering import environment
from newsletter.rendering.views import IssueView
from tests.newsletter.archive import sample


def _body(settings: Settings, view: IssueView) -> html.HtmlElement:
    return html.fragment_fromstring(pages.render(environment.create(), settings, view).body)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_story_stands_under_its_topic_in_the_issues_order(settings: Settings, language: str) -> None:
    body = _body(settings, sample.view(settings, language))

    assert [heading.text_content() for heading in body.iter("h3")] == [
        story.texts[language].title for story in sample.STORIES
    ]
    topics = [topic.title[language] for topic in settings.publication.topics]
    assert [heading.text_content() for heading in body.findall("section/h2")][:-1] == topics


def test_the_contents_lead_to_the_stories(settings: Settings) -> None:
    body = _body(settings, sample.view(settings, "en"))

    targets = [link.get("href", "")[1:] for link in body.findall("nav//a")]

    assert targets == [f"story-{number}" for number in range(1, len(sample.STORIES) + 1)]
    assert all(body.find(f".//*[@id='{target}']") is not None for target in targets)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Fri 13 - Sun 15 Nov 2026"), ("ja", "2026年11月13日（金）〜15日（日）")]
)
def test_a_fair_tells_its_days_in_words_and_as_a_calendar_leaf(settings: Settings, language: str, words: str) -> None:
    body = _body(settings, sample.view(settings, language, sample.FAIR))

    assert words in "".join(next(body.iter("dd")).itertext())
    assert [days.text for days in body.find_class("leaf-days")] == ["13–15"]
    assert body.find_class("leaf-dates")[0].get("aria-hidden") == "true"


def test_a_postponed_fair_says_so_and_strikes_its_days_out(settings: Settings) -> None:
    body = _body(settings, sample.view(settings, "en", sample.POSTPONED))

    assert body.find_class("state")[0].text == "Postponed"
    assert body.findtext(".//dd/s") == "Fri 29 Jan - Mon 1 Feb 2027"
    assert body.find_class("off")


def test_made_up_dates_are_labelled_and_others_are_not(settings: Settings) -> None:
    labelled = _body(settings, sample.view(settings, "en", sample.FAIR))
    plain = _body(settings, sample.view(settings, "en", sample.POSTPONED))

    assert [tag.text for tag in labelled.find_class("tag")] == ["Sample dates"]
    assert not plain.find_class("tag")


def test_pictures_and_own_pages_stand_under_every_host(settings: Settings) -> None:
    body = pages.render(environment.create(), settings, sample.view(settings, "en")).body

    assert f'src="/i/{sample.PICTURE}"' in body
    assert settings.web.base_url not in body


def test_what_an_editor_wrote_is_never_more_than_text(settings: Settings) -> None:
    attack = '<script>alert(1)</script><p onclick="x()">{{ 7*7 }} <a href="javascript:x()">here</a></p>'
    text = FairText(title='<img src=x onerror="x()">', body=attack, venue="</dd><script>", city='"><script>')
    story = Fair(starts=sample.FAIR.starts, texts={"en": text})

    body = pages.render(environment.create(), settings, sample.view(settings, "en", story)).body

    assert "<script" not in body
    assert "<img" not in body
    elements = html.fragment_fromstring(body).iter()
    assert not [name for each in elements for name in each.attrib if name.startswith("on")]
    assert "javascript:" not in body
    assert "{{ 7*7 }}" in body


def test_the_preview_says_the_preheader_and_shows_a_card(settings: Settings) -> None:
    page = pages.render(environment.create(), settings, sample.view(settings, "en"))

    assert page.title == sample.TEXTS["en"].subject
    assert page.description == sample.TEXTS["en"].preheader
    assert (page.card.width, page.card.height) == (1200, 630)


@pytest.mark.parametrize(
    ("introduction", "description"),
    [("<p>Two  words</p>\n<p>&amp; more</p>", "Two words & more"), ("", "Closed over New Year / FIT Fair in Bangkok")],
)
def test_without_a_preheader_the_preview_says_what_there_is(
    settings: Settings, introduction: str, description: str
) -> None:
    view = sample.view(settings, "en", sample.NOTICE, sample.FAIR.model_copy(update={"topic": None}))
    text = IssueText(subject="A subject", introduction=introduction)

    page = pages.render(environment.create(), settings, dataclasses.replace(view, text=text))

    assert page.description == description
