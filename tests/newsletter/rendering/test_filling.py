"""A mistake in an office's own template is told with its file and line, wherever it stands."""

from pathlib import Path

import pytest

from newsletter.errors import TemplateError
from newsletter.rendering import environment, filling

MACRO = "{% macro day_of(value) %}\n{{ value|day('en') }}\n{% endmacro %}\n"
MISTAKES = {
    "an undefined name": ({"top": "\n{{ vew }}"}, "top.txt.j2, line 2: 'vew' is undefined."),
    "a missing field": ({"top": "{{ view.titel }}"}, "top.txt.j2, line 1: 'dict object' has no attribute 'titel'."),
    "an included file": (
        {"top": "\n\n{% include 'part.txt.j2' %}", "part": "\n{{ vew }}"},
        "part.txt.j2, line 2 (from top.txt.j2, line 3): 'vew' is undefined.",
    ),
    "a block that fills another's": (
        {
            "top": "{% extends 'base.txt.j2' %}{% block rows %}\n{{ vew }}{% endblock %}",
            "base": "{% block rows %}{% endblock %}",
        },
        "top.txt.j2, line 2 (from base.txt.j2, line 1): 'vew' is undefined.",
    ),
    "what a macro is given": (
        {"top": "{% import 'part.txt.j2' as m %}\n{{ m.day_of('soon') }}", "part": MACRO},
        "part.txt.j2, line 2 (from top.txt.j2, line 2): 'str' object has no attribute 'weekday' (AttributeError).",
    ),
    "a value a macro is not given": (
        {"top": "{% import 'part.txt.j2' as m %}\n{{ m.day_of(1, 2) }}", "part": MACRO},
        "top.txt.j2, line 2: macro 'day_of' takes not more than 1 argument(s) (TypeError).",
    ),
    "a tag left open": ({"top": "\n{% if view %}\n"}, "top.txt.j2, line 2: Unexpected end of template."),
    "a tag left open in an included file": (
        {"top": "\n{% include 'part.txt.j2' %}", "part": "{% if %}"},
        "part.txt.j2, line 1 (from top.txt.j2, line 2): Expected an expression",
    ),
    "a filter that there is not": ({"top": "\n{{ 1|dya }}"}, "top.txt.j2, line 2: No filter named 'dya'."),
    "a file that there is not": (
        {"top": "\n{% include 'prat.txt.j2' %}"},
        "top.txt.j2, line 2: there is no template prat",
    ),
    "two files that include each other": (
        {"top": "{% include 'part.txt.j2' %}", "part": "{% include 'top.txt.j2' %}"},
        "templates include or call each other without end.",
    ),
    "what the sandbox forbids": (
        {"top": "\n{{ ''.__class__ }}"},
        "top.txt.j2, line 2: access to attribute '__class__'",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, mistake: str) -> None:
    files, sentence = MISTAKES[mistake]
    for name, text in files.items():
        (tmp_path / f"{name}.txt.j2").write_text(text, encoding="utf-8")

    with pytest.raises(TemplateError) as raised:
        filling.fill(environment.create(tmp_path), "top.txt.j2", {"view": {"title": "Fairs"}})

    assert sentence in str(raised.value)
    assert str(tmp_path) not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / "top.txt.j2").write_bytes("見出し".encode("cp932"))

    with pytest.raises(TemplateError, match=r"^top\.txt\.j2: a template is not saved as UTF-8\.$"):
        filling.fill(environment.create(tmp_path), "top.txt.j2", {})
