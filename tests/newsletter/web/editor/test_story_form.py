"""The form of a story: nothing typed is lost, two editors are merged or asked, and files are looked at."""

import io
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
from lxml import html
from PIL import Image as Pixels
from sqlalchemy import Engine, select

from newsletter import database, stories
from newsletter.content import Fair, Food, Industry, Notice
from newsletter.models import Flyer, Image, Story
from newsletter.rendering.views import AnyStory
from newsletter.web import uploads
from tests.newsletter.newsroom import FAIR
from tests.newsletter.test_flyers import PDF
from tests.newsletter.web.editor.conftest import Browser

NEW = "/desk/stories/new"
WORDS: dict[str, Any] = {"kind": "fair", "base": "0", "title.en": "FIT", "title.ja": "FITフェア"}


def _png(size: tuple[int, int] = (300, 200)) -> bytes:
    out = io.BytesIO()
    Pixels.new("RGB", size, "red").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def fair(engine: Engine, publication_id: int, now: datetime) -> int:
    with database.writing(engine) as session:
        return stories.create(session, publication_id, FAIR, editor_id=None, now=now).id


@pytest.fixture
def newest(engine: Engine) -> Callable[[], AnyStory]:
    """Return a function that reads what the last story says."""

    def read() -> AnyStory:
        with database.reading(engine) as session:
            ids = session.scalars(select(Story.id)).all()
            return stories.content(session, max(ids))

    return read


def _fields(browser: Browser, path: str) -> dict[str, Any]:
    """Return what a browser would send of the form on a page, files aside."""
    (form,) = html.fromstring(browser.get(path).text).find_class("story-form")
    return {name: value for name, value in form.form_values() if name != "csrf"} | _repeated(form)


def _repeated(form: Any) -> dict[str, list[str]]:
    names = ("countries", "opens", "closes", "flyer")
    return {one: [value for name, value in form.form_values() if name == one] for one in names}


def test_a_fair_is_written_with_everything_it_has(browser: Browser, newest: Callable[[], AnyStory]) -> None:
    fields = WORDS | {
        "topic": "fairs",
        "countries": ["TH", "SG"],
        "status": "planned",
        "starts": "2026-12-17",
        "ends": "2026-12-18",
        "country": "TH",
        "opens": ["10:00", ""],
        "closes": ["20:00", ""],
        "url": "https://example.org/fit",
        "map_url": "https://example.org/map",
        "participants.en": "Aichi\n\n Kochi ",
        "body.ja": "**ぜひ** お越しください。\n\n- 一つ\n- 二つ",
        "summary.en": "One\nline",
    }

    answer = browser.send(NEW, fields)

    assert answer.headers["location"].endswith("done=story_created")
    content = newest()
    assert isinstance(content, Fair)
    assert [(one.day, one.opens, one.closes) for one in content.openings] == [(date(2026, 12, 17), time(10), time(20))]
    assert (content.zone, content.countries) == ("Asia/Bangkok", ("TH", "SG"))
    assert content.texts["en"].participants == ("Aichi", "Kochi")
    assert content.texts["en"].summary == "One line"
    assert "<strong>ぜひ</strong>" in content.texts["ja"].body


@pytest.mark.parametrize(
    ("kind", "model", "fields"),
    [
        ("food", Food, {"product.en": "Yuzu", "starts": "2026-12-01"}),
        ("industry", Industry, {"who.en": "Cities", "deadline": "2027-01-15"}),
        ("notice", Notice, {"about": "jet", "starts": "2026-12-01"}),
    ],
)
def test_each_kind_has_its_own_fields(
    browser: Browser, newest: Callable[[], AnyStory], kind: str, model: type, fields: dict[str, str]
) -> None:
    browser.send(NEW, WORDS | {"kind": kind} | fields)

    values = newest().model_dump(mode="json")
    assert isinstance(newest(), model)
    for name, value in fields.items():
        field, _, language = name.partition(".")
        assert (values["texts"][language] if language else values)[field] == value


def test_opening_and_saving_without_a_change_saves_nothing(browser: Browser, engine: Engine, fair: int) -> None:
    path = f"/desk/stories/{fair}/edit"

    answer = browser.send(path, _fields(browser, path))

    assert answer.headers["location"].endswith("done=story_unchanged")
    with database.reading(engine) as session:
        assert stories.get(session, fair).head == 1


@pytest.mark.parametrize(
    ("changes", "where", "told"),
    [
        ({"title.en": "", "body.en": "Words"}, "title.en", "Please write a headline"),
        ({"title.en": "", "title.ja": ""}, "title.ja", "Please write a headline"),
        ({"title.en": "x" * 301}, "title.en", "300 characters"),
        ({"body.en": "x" * 60_000}, "body.en", "50,000 characters"),
        ({"body.en": "# Heading"}, "body.en", "Headings"),
        ({"url": "javascript:alert(1)"}, "url", "https://"),
        ({"starts": "17/12"}, "starts", "2026-12-17"),
        ({"starts": "2026-12-18", "ends": "2026-12-17"}, "ends", "before the first"),
        ({"topic": "gossip"}, "topic", "choose"),
        ({"countries": ["XX"]}, "countries", "choose"),
        ({"opens": ["10:00"], "closes": ["20:00"]}, "hours", "no fair"),
        ({"starts": "2026-12-17", "country": "TH", "opens": ["10:00"], "closes": [""]}, "hours", "both times"),
        ({"starts": "2026-12-17", "country": "TH", "opens": ["20:00"], "closes": ["10:00"]}, "hours", "both times"),
        ({"starts": "2026-12-17", "country": "ID", "opens": ["10:00"], "closes": ["20:00"]}, "zone", "time zone"),
        ({"zone": "Mars/Olympus"}, "zone", "choose"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    browser: Browser, engine: Engine, changes: dict[str, Any], where: str, told: str
) -> None:
    answer = browser.send(NEW, WORDS | {"venue.ja": "消えない会場"} | changes)

    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    (error,) = page.xpath(f"//*[@id='{where}-error']")
    assert told in error.text_content()
    assert page.xpath("//input[@name='venue.ja']/@value") == ["消えない会場"]
    with database.reading(engine) as session:
        assert session.scalars(select(Story)).all() == []


def test_hostile_words_are_kept_as_they_were_typed(browser: Browser, newest: Callable[[], AnyStory]) -> None:
    title, body = "{{ 7*7 }} <script>x</script> \u202eRTL 🎏\x00", '<p class="MsoNormal"><o:p>Word</o:p></p>'

    browser.send(NEW, WORDS | {"title.en": title, "body.en": body})

    text = newest().texts["en"]
    assert text.title == "{{ 7*7 }} <script>x</script> \u202eRTL 🎏"
    assert text.body == '<p>&lt;p class="MsoNormal"&gt;&lt;o:p&gt;Word&lt;/o:p&gt;&lt;/p&gt;</p>'.replace('"', '"')


def test_different_fields_of_two_editors_are_both_kept(
    browser: Browser, kens_browser: Browser, newest: Callable[[], AnyStory], fair: int
) -> None:
    path = f"/desk/stories/{fair}/edit"
    hers, his = _fields(browser, path), _fields(kens_browser, path)

    browser.send(path, hers | {"venue.en": "Hall 1"})
    answer = kens_browser.send(path, his | {"venue.ja": "第1ホール"})

    assert answer.headers["location"].endswith("done=merged")
    texts: Any = newest().texts
    assert (texts["en"].venue, texts["ja"].venue) == ("Hall 1", "第1ホール")


@pytest.fixture
def fair_path(fair: int) -> str:
    return f"/desk/stories/{fair}/edit"


@pytest.mark.parametrize("kept", ["Hall 2", "Hall 1"])
def test_the_same_field_of_two_editors_is_asked_about_and_the_answer_kept(
    browser: Browser, kens_browser: Browser, newest: Callable[[], AnyStory], fair_path: str, kept: str
) -> None:
    path = fair_path
    hers, his = _fields(browser, path), _fields(kens_browser, path)
    browser.send(path, hers | {"venue.en": "Hall 1"})

    asked = kens_browser.send(path, his | {"venue.en": "Hall 2"})
    (form,) = html.fromstring(asked.text).find_class("story-form")
    mine, theirs = form.xpath("//input[@type='radio'][starts-with(@name, 'keep.')]")
    chosen = {"Hall 2": mine, "Hall 1": theirs}[kept]
    again = dict(form.form_values()) | _repeated(form) | {chosen.get("name"): chosen.get("value")}
    again.pop("csrf")
    answer = kens_browser.send(path, again)

    assert asked.status_code == 409
    assert "Hall 1" in asked.text
    assert answer.status_code == 303
    texts: Any = newest().texts
    assert texts["en"].venue == kept


def test_a_picture_is_kept_even_where_the_form_is_not(
    browser: Browser, newest: Callable[[], AnyStory], engine: Engine
) -> None:
    refused = browser.send(NEW, WORDS | {"title.en": "x" * 301}, {"new_picture": ("a.png", _png())})
    (form,) = html.fromstring(refused.text).find_class("story-form")
    fields = dict(form.form_values()) | {"title.en": "FIT", "alt.en": "Red", "focus": "0"}
    fields.pop("csrf")

    browser.send(NEW, fields)

    picture = newest().picture
    assert picture is not None
    assert (picture.width, picture.alt, picture.focus) == (300, {"en": "Red"}, (0.17, 0.17))
    with database.reading(engine) as session:
        assert session.get(Image, picture.hash) is not None


def test_a_picture_is_replaced_and_taken_out(browser: Browser, newest: Callable[[], AnyStory]) -> None:
    location = browser.send(NEW, WORDS, {"new_picture": ("a.png", _png())}).headers["location"]
    path = location.partition("?")[0] + "/edit"
    browser.send(path, _fields(browser, path) | {"alt.en": "Red"}, {"new_picture": ("b.png", _png((80, 60)))})
    replaced = newest().picture

    browser.send(path, _fields(browser, path) | {"drop_picture": "yes"})

    assert replaced is not None
    assert (replaced.width, replaced.alt) == (80, {"en": "Red"})
    assert newest().picture is None


@pytest.mark.parametrize(
    ("name", "file", "told"),
    [
        ("new_picture", ("a.svg", b"<svg onload='alert(1)' xmlns='http://www.w3.org/2000/svg'/>"), "SVG"),
        ("new_picture", ("a.jpg", _png()[:60]), "cannot be read"),
        ("new_picture", ("a.jpg", b"\x00" * 20_000_001), "20 MB"),
        ("new_flyer", ("a.pdf", b"PK Word"), "not a PDF"),
        ("new_flyer", ("a.pdf", PDF[:-8]), "too early"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_reason(
    browser: Browser, engine: Engine, name: str, file: tuple[str, bytes], told: str
) -> None:
    answer = browser.send(NEW, WORDS, {name: file})

    assert answer.status_code == 422
    (error,) = html.fromstring(answer.text).xpath(f"//*[@id='{name.removeprefix('new_')}-error']")
    assert told in error.text_content()
    with database.reading(engine) as session:
        assert session.scalars(select(Story)).all() == []


def test_flyers_are_added_named_and_taken_out(browser: Browser, newest: Callable[[], AnyStory], engine: Engine) -> None:
    location = browser.send(NEW, WORDS, {"new_flyer": ("FIT map.pdf", PDF)}).headers["location"]
    path = location.partition("?")[0] + "/edit"
    (added,) = newest().flyers
    browser.send(path, _fields(browser, path) | {f"flyer_attach.{added.hash}": "yes"})
    (kept,) = newest().flyers

    browser.send(path, _fields(browser, path) | {f"flyer_drop.{added.hash}": "yes"})

    assert (added.title, added.size) == ({"en": "FIT map", "ja": "FIT map"}, len(PDF))
    assert kept.attach
    assert newest().flyers == ()
    with database.reading(engine) as session:
        assert session.get(Flyer, added.hash) is not None


def test_a_flyer_that_is_too_large_to_travel_is_linked_to_instead(browser: Browser) -> None:
    large = PDF.replace(b"trailer", b"%" + b"0" * 2_000_000 + b"\ntrailer")
    path = browser.send(NEW, WORDS, {"new_flyer": ("a.pdf", large)}).headers["location"].partition("?")[0] + "/edit"
    fields = _fields(browser, path)

    answer = browser.send(path, fields | {f"flyer_attach.{fields['flyer'][0]}": "yes"})

    assert answer.status_code == 422
    assert "2 MB together" in answer.text


def test_files_that_we_do_not_have_are_not_believed(browser: Browser, newest: Callable[[], AnyStory]) -> None:
    made_up = {"picture_hash": "f" * 64, "picture_width": "9", "picture_height": "9", "flyer": ["e" * 64]}

    browser.send(NEW, WORDS | made_up)

    assert newest().picture is None
    assert newest().flyers == ()


def test_what_is_too_large_for_any_form_is_refused_before_it_is_read(browser: Browser) -> None:
    large = browser.send(NEW, WORDS, {"new_picture": ("a.jpg", b"\x00" * (uploads.MAX_BYTES + 1))})
    endless = browser.send(NEW, WORDS | {"body.en": "x" * 10_000_000}, {"new_flyer": ("", b"")})

    assert (large.status_code, endless.status_code) == (413, 413)
    assert "50,000 characters" in large.text


def test_a_story_becomes_one_of_another_kind_and_keeps_what_both_have(
    browser: Browser, newest: Callable[[], AnyStory], fair: int
) -> None:
    path = f"/desk/stories/{fair}/edit"

    browser.send(path, _fields(browser, f"{path}?kind=food"))

    content = newest()
    assert isinstance(content, Food)
    assert (content.starts, content.topic, content.texts["ja"].title) == (FAIR.starts, "fairs", "FITフェア")
