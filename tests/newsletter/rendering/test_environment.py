"""Templates get what they need and nothing that opens a door."""

import jinja2
import pytest
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsletter.config import Settings
from newsletter.rendering import environment, plain


@pytest.fixture
def templates() -> ImmutableSandboxedEnvironment:
    """Return the environment of every template."""
    return environment.create()


def test_a_missing_name_is_an_error(templates: ImmutableSandboxedEnvironment) -> None:
    with pytest.raises(jinja2.UndefinedError):
        templates.from_string("{{ nobody }}").render()


def test_the_settings_are_out_of_reach(templates: ImmutableSandboxedEnvironment, settings: Settings) -> None:
    names = environment.frame(settings, "en")

    assert not any(isinstance(value, Settings) for value in names.values())
    for attempt in ("image_url.__closure__", "image_url.__globals__", "say.__init__.__globals__", "office.__class__"):
        with pytest.raises(SecurityError):
            templates.from_string(f"{{{{ {attempt} }}}}").render(names)


def test_a_reader_s_words_are_no_template(templates: ImmutableSandboxedEnvironment) -> None:
    assert templates.from_string("{{ name }}").render(name="{{ 7 * 7 }}") == "{{ 7 * 7 }}"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_letter_has_one_heading_one_reason_and_the_office(settings: Settings, language: str) -> None:
    loader = jinja2.DictLoader(
        {
            "letter.html.j2": '{% extends "mail/letters/layout.html.j2" %}'
            "{% block heading %}A & B{% endblock %}"
            '{% block content %}{{ mail.button("Yes", "https://example.org/c/x") }}'
            '{{ mail.facts([("A", "1"), ("B", "")]) }}{% endblock %}'
            "{% block why %}Because.{% endblock %}"
        }
    )
    bundled = environment.create()
    assert bundled.loader is not None
    templates = bundled.overlay(loader=jinja2.ChoiceLoader([loader, bundled.loader]))

    html = templates.get_template("letter.html.j2").render(environment.frame(settings, language))

    assert html.count("<h1>") == 1
    assert html.count('<a href="https://example.org/c/x">Yes</a>') == 1
    assert '<th class="label soft labels" scope="row">A</th>' in html
    assert ">B</th>" not in html
    assert "Because." in html
    assert settings.office.full_name[language] in html
    assert f'<html lang="{language}"' in html


def test_a_letter_s_text_ends_with_its_reason_and_the_office(settings: Settings) -> None:
    letter = (
        '{% extends "mail/letters/layout.txt.j2" %}'
        "{% block heading %}A & B{% endblock %}{% block content %}Yes{% endblock %}"
        "{% block why %}Because.{% endblock %}"
    )

    text = plain.tidy(environment.create().from_string(letter).render(environment.frame(settings, "en")))

    assert text == (
        "A & B\n\nYes\n\n------------------------\n\nBecause.\n\nJ.CLAIR News\n"
        "The Japan Council of Local Authorities for International Relations,\nSingapore\n"
        "1 Raffles Place, #30-03 One Raffles Place, Singapore 048616\ninfo@example.org, +65 6224 7927\n"
    )
