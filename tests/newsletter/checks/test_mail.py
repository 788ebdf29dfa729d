"""The finished mail: colours that cannot be read, what mail programs lack, and the outline of headings."""

import dataclasses
from typing import Any

import pytest

from newsletter.checks import colours, contrast, headings, programs, shades, support
from newsletter.checks.document import Document
from newsletter.checks.material import Material
from tests.newsletter.checks.inspection import Inspection

DARK = "@media (prefers-color-scheme: dark) {{ {rules} }}"
NIGHT = "body{background-color:#111!important}"


def _material(inspection: Inspection, body: str, style: str = "") -> Material:
    material = inspection.material()
    html = f"<html><head><style>{style}</style></head><body>{body}</body></html>"
    material.__dict__["documents"] = {"en": Document(html)}
    return material


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#767676", "#fff", 4.54), ("red", "#fff", 4.0)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    first, second = colours.read(one), colours.read(other)

    assert first is not None
    assert second is not None
    assert colours.contrast(first.rgb, second.rgb) == pytest.approx(ratio, abs=0.01)
    assert colours.contrast(second.rgb, first.rgb) == colours.contrast(first.rgb, second.rgb)


@pytest.mark.parametrize("value", ["inherit", "url(a.png)", "", "nonsense", "12px", "currentcolor"])
def test_what_names_no_colour_is_none(value: str) -> None:
    assert colours.read(value) is None


@pytest.mark.parametrize(
    ("body", "style", "dark", "found"),
    [
        ('<p style="color:#777">small</p>', "", False, [("#777777", "#ffffff")]),
        ('<p style="color:#767676">small</p>', "", False, []),
        ('<h1 style="color:#777;font-size:24px">large</h1>', "", False, []),
        ('<p style="color:#777;font-size:19px">not bold</p>', "", False, [("#777777", "#ffffff")]),
        ('<p style="color:#777;font-size:19px"><b>bold</b></p>', "", False, []),
        ('<td bgcolor="#222222"><p style="color:#333">on dark</p></td>', "", False, [("#333333", "#222222")]),
        ('<div style="background:#222 none"><p style="color:#fff">fine</p></div>', "", False, []),
        ('<div style="background:url(a.png)"><p style="color:#fff">on a picture</p></div>', "", False, []),
        ('<div style="display:none;color:#fff">preheader</div>', "", False, []),
        ('<p style="color:#fff">&#847;&zwnj;&nbsp;</p>', "", False, []),
        ('<a href="https://x.test" style="background-color:#00c">link</a>', "", False, [("#0000ee", "#0000cc")]),
        ('<p style="color:rgba(0,0,0,.4)">thin</p>', "", False, [("#999999", "#ffffff")]),
        ('<p class="t" style="color:#222">t</p>', DARK.format(rules=NIGHT), False, []),
        ('<p class="t" style="color:#222">t</p>', DARK.format(rules=NIGHT), True,
         [("#222222", "#111111")]),
        ('<p class="t" style="color:#222">t</p>',
         DARK.format(rules=NIGHT + ".t{color:#eee!important}"), True, []),
        ('<p class="t" style="color:#222">t</p>', DARK.format(rules=".t{color:#eee}"), True, []),
        ('<p class="t">t</p>', DARK.format(rules=".t{color:#eee}"), True, [("#eeeeee", "#ffffff")]),
        ('<p class="t">t</p>', DARK.format(rules="#no, p.t{color:#000!important} .t{color:#eee!important}"), True, []),
        ('<a href="#a" style="color:#00c">a</a>', DARK.format(rules="a:hover{color:#fff!important}"), True, []),
    ],
)  # fmt: skip
def test_colours_too_close_are_found_as_a_browser_would_show_them(
    body: str, style: str, found: list[tuple[str, str]], *, dark: bool
) -> None:
    close = []
    for _, shade in shades.texts(
        Document(f"<html><head><style>{style}</style></head><body>{body}</body></html>"), dark=dark
    ):
        if shade.ground and colours.contrast(shade.colour, shade.ground) < shade.least:
            close.append((colours.written(shade.colour), colours.written(shade.ground)))

    assert close == found


def test_each_pair_of_colours_is_told_once_with_the_first_text_in_it(inspection: Inspection) -> None:
    faint = '<p style="color:#999">First words that are rather long and go on</p><p style="color:#999">second</p>'

    (light, _dark) = contrast.check(_material(inspection, faint))

    assert (light.severity, light.language) == ("warning", "en")
    assert "“First words that are rather long and go…”" in light.message
    assert "#999999 on #ffffff has a contrast of 2.8, and needs 4.5" in light.message


def test_an_office_with_a_faint_colour_is_told_where_it_shows(inspection: Inspection) -> None:
    look = inspection.office.settings.look
    dark = look.dark.model_copy(update={"soft": "#444444"})
    settings = inspection.office.settings.model_copy(update={"look": look.model_copy(update={"dark": dark})})
    inspection.office = dataclasses.replace(inspection.office, settings=settings)

    found = list(contrast.check(inspection.material()))

    assert {(one.check, one.severity) for one in found} == {("contrast", "warning")}
    assert all("#444444" in one.message and "dark mode" in one.message for one in found)


@pytest.mark.parametrize(
    ("body", "style", "slug"),
    [
        ('<div style="display: flex">x</div>', "", "css-display-flex"),
        ('<div style="DISPLAY:FLEX">x</div>', "", "css-display-flex"),
        ('<p style="width: calc(100% - 2px)">x</p>', "", "css-unit-calc"),
        ('<p style="font-size: 1.2rem">x</p>', "", "css-unit-rem"),
        ('<p style="color: var(--ink)">x</p>', "", "css-variables"),
        ("<form>x</form>", "", "html-form"),
        ('<img src="https://x.test/a.webp?v=1" alt="x">', "", "image-webp"),
        ('<img src="data:image/png;base64,AAAA" alt="x">', "", "image-base64"),
        ("<p>x</p>", "@import url(a.css);", "css-at-import"),
        ("<p>x</p>", ".a { position: absolute }", "css-position"),
    ],
)
def test_what_big_mail_programs_lack_is_warned_of(inspection: Inspection, body: str, style: str, slug: str) -> None:
    (finding,) = programs.check(_material(inspection, body, style))

    feature = next(one for one in support.features().values() if one.slug == slug)
    assert finding.severity == "warning"
    assert feature.said in finding.message
    assert all(program in finding.message for program in feature.lacking)


@pytest.mark.parametrize(
    ("body", "style"),
    [
        ('<table><tr><td style="border-radius: 4px; max-width: 600px">x</td></tr></table>', ""),
        ("<p>x</p>", "@media (max-width: 620px) { .a { display: flex } }"),
        ("<p>x</p>", "@supports (display: grid) { .a { display: grid } }"),
        ("<!--[if mso]><v:rect style='position:absolute'></v:rect><![endif]--><p>x</p>", ""),
        ('<img src="https://x.test/a.jpg" alt="form">', ""),
    ],
)
def test_extras_and_what_only_outlook_reads_are_left_alone(inspection: Inspection, body: str, style: str) -> None:
    assert list(programs.check(_material(inspection, body, style))) == []


def test_the_table_of_facts_says_whence_and_how_old_it_is() -> None:
    table = support.TABLE.read_text(encoding="utf-8")
    known = support.features()

    assert "caniemail 2.0.2 (MIT licence)" in table
    assert "2026-05-13" in table
    assert known["value", "display: flex"].lacking == ("Outlook on Windows",)
    assert "Gmail" in known["element", "svg"].lacking
    assert all(one.slug.startswith(("css-", "html-", "image-")) for one in known.values())
    assert len(known) > 50


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("<h1>A</h1><h2>B</h2><h3>C</h3><h2>D</h2>", []),
        ("<h1>A</h1><h3>C</h3>", ["leave a level out"]),
        ("<h2>B</h2>", ["is not its title"]),
        ("<p>x</p>", ["has no heading"]),
    ],
)
def test_headings_are_an_outline(inspection: Inspection, body: str, names: list[str]) -> None:
    found: list[Any] = list(headings.check(_material(inspection, body)))

    assert len(found) == len(names)
    assert all(name in one.message for name, one in zip(names, found, strict=True))
