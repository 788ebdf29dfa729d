"""Links of an edition become ours, and nothing else does."""

import re

import pytest

from newsletter import links
from newsletter.config import Settings
from newsletter.links import Shortened, addresses
from newsletter.message import fields

SLUG = "2026-12-abcdefgh"


def shorten(settings: Settings, html: str = "", text: str = "", language: str = "en") -> Shortened:
    return links.shorten(settings, SLUG, language, html, text)


def ours(settings: Settings, target: str, language: str = "en") -> str:
    return f"{settings.web.base_url}/l/{addresses.token(addresses.code(SLUG, target), language)}"


def test_every_link_leads_through_our_address_in_html_and_text(settings: Settings) -> None:
    target = "https://fair.example.org/visit?a=1&b=2"
    html = '<p>See <a class="x" href="https://fair.example.org/visit?a=1&amp;b=2" style="c">the fair</a>.</p>'

    done = shorten(settings, html, f"See the fair:\n{target}\n")

    assert done.html == f'<p>See <a class="x" href="{ours(settings, target)}" style="c">the fair</a>.</p>'
    assert done.text == f"See the fair:\n{ours(settings, target)}\n"
    assert done.targets == (target,)


def test_an_address_has_one_code_in_an_issue_and_another_in_the_next(settings: Settings) -> None:
    once, again = (shorten(settings, text="https://a.example.org/") for _ in range(2))

    assert once == again
    assert links.shorten(settings, "2027-01-zzzzzzzz", "en", "", "https://a.example.org/").text != once.text


@pytest.mark.parametrize(
    "html",
    [
        '<a href="mailto:info@example.org">Write to us</a>',
        '<a href="#story-3">The fair</a>',
        '<img src="https://pictures.example.org/a.png" alt="A booth">',
        '<link rel="stylesheet" href="https://styles.example.org/a.css">',
        '<html xmlns="http://www.w3.org/1999/xhtml">',
        '<a href="http://[::1/">A broken one</a>',
        '<a href="https://example.org/">https://example.org/</a>',
        '<a href="https://example.org/"><b>www.example.org</b></a>',
        '<a href="https://example.org/x">example.org</a>',
    ],
)
def test_what_is_no_link_or_shows_its_own_address_stays(settings: Settings, html: str) -> None:
    assert shorten(settings, html).html == html


def test_the_readers_own_links_stay(settings: Settings) -> None:
    places = fields.placeholders()
    html = f'<a href="{places["unsubscribe_url"]}">Unsubscribe</a> <a href="{places["topics_url"]}">Topics</a>'
    text = f"{places['unsubscribe_url']}\n{places['topics_url']}\n"

    done = shorten(settings, html, text)

    assert (done.html, done.text, done.targets) == (html, text, ())


def test_a_button_drawn_for_outlook_leads_the_same_way(settings: Settings) -> None:
    html = (
        '<!--[if mso]><v:roundrect xmlns:v="urn:schemas-microsoft-com:vml" href="https://a.example.org/"><![endif]-->'
    )

    assert f'href="{ours(settings, "https://a.example.org/")}"' in shorten(settings, html).html


@pytest.mark.parametrize(
    ("text", "target", "rest"),
    [
        ("Go to https://a.example.org/b.", "https://a.example.org/b", "."),
        ("(https://a.example.org/b)", "https://a.example.org/b", ")"),
        ("<https://a.example.org/>", "https://a.example.org/", ">"),
        ("https://a.example.org/b, then", "https://a.example.org/b", ", then"),
    ],
)
def test_in_a_text_a_link_ends_before_the_stop_of_its_sentence(
    settings: Settings, text: str, target: str, rest: str
) -> None:
    done = shorten(settings, text=text)

    assert done.targets == (target,)
    assert done.text.endswith(ours(settings, target) + rest)


def test_an_address_with_japanese_letters_is_one_link_however_it_is_written(settings: Settings) -> None:
    encoded = "https://xn--wgv71a.example.org/%E6%97%A5%E6%9C%AC?q=%E6%9D%B1"
    html = '<a href="https://%E6%97%A5%E6%9C%AC.example.org/%E6%97%A5%E6%9C%AC?q=%E6%9D%B1">日本</a>'

    done = shorten(settings, html, "https://日本.example.org/日本?q=東\n")

    assert done.targets == (encoded,)
    assert done.text == f"{ours(settings, encoded)}\n"


def test_words_that_follow_an_address_without_a_space_never_become_part_of_it(settings: Settings) -> None:
    html = '<a href="https://a.example.org/b">会場</a>'

    done = shorten(settings, html, "https://a.example.org/bへどうぞ。https://c.example.org/dへも。")

    assert done.text == f"{ours(settings, 'https://a.example.org/b')}へどうぞ。https://c.example.org/dへも。"


def test_nothing_changes_where_clicks_are_not_counted(settings: Settings) -> None:
    off = settings.model_copy(update={"links": settings.links.model_copy(update={"count_clicks": False})})
    html, text = '<a href="https://a.example.org/">A</a>', "https://a.example.org/"

    assert shorten(off, html, text) == Shortened(html, text, ())


@pytest.mark.parametrize("language", ["en", "ja", "en+ja"])
def test_a_token_tells_the_code_and_the_language(language: str) -> None:
    code = addresses.code(SLUG, "https://a.example.org/")

    assert addresses.parse(addresses.token(code, language)) == (code, language)
    assert re.fullmatch(r"[a-z2-7]{12}(-[a-z]{2}){1,2}", addresses.token(code, language))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//a.example.org", "https://", "ftp://a/"])
def test_only_web_addresses_are_led_to(url: str) -> None:
    assert addresses.canonical(url) == ""


@pytest.mark.parametrize("url", ["https://a.example.org/x\r\nSet-Cookie: a=b", "https://a.example.org/ é\t"])
def test_a_target_is_one_line_of_ascii(url: str) -> None:
    target = addresses.canonical(url)

    assert target.isascii()
    assert not set(target) & set("\r\n\t ")
