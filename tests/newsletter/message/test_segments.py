"""A message joined from segments is what the slow, plain way would have written, and has exactly its fields."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape

from newsletter import config, urls
from newsletter.config import Settings
from newsletter.message import fields, headers, segments
from newsletter.message.segments import Recipient, Segments
from newsletter.models import Edition, Issue
from subscribers import tokens
from tests.conftest import ROOT
from tests.newsletter.message import parsing
from tests.newsletter.message.test_headers import TRICKS, awkward

KEYS = (b"u" * 32,)
DATE = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
OFFICE = config.load(ROOT / "config.toml", data_folder=Path("nowhere"))
EXPECTED = Counter(
    [
        *("From", "Reply-To", "To", "Subject", "Date", "Message-ID"),
        *("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Archive", "List-Owner", "List-Help"),
        *("Feedback-ID", "Precedence", "Auto-Submitted", "X-Auto-Response-Suppress"),
        *("Content-Language", "MIME-Version", "Content-Type"),
    ]
)
HTML = {
    "en": '<html><body><p>Dear {name},</p>\n<a href="{unsubscribe_url}">Leave</a> <a href="{topics_url}">Change</a>'
    "\n<p>{unsubscribe_address}</p>\n.\n<p>" + "A fair in Singapore. " * 40 + "</p></body></html>\n",
    "ja": '<html><body><p>{name}</p>\n<a href="{unsubscribe_url}">配信停止</a><a href="{topics_url}">変更</a>'
    "\n<p>{unsubscribe_address}</p>\n<p>" + "シンガポールの旅行フェアのお知らせです。" * 40 + "</p></body></html>\n",
}
TEXT = {
    "en": "Dear {name},\n\n.\nFrom Friday on. {unsubscribe_url}\n{topics_url} \n{unsubscribe_address}\n",
    "ja": "{name}\n\n.\n金曜日から開催します。\n{unsubscribe_url}\n{topics_url}\n{unsubscribe_address}\n",
}


def edition(language: str = "en", html: str = "", text: str = "") -> Edition:
    placeholders = fields.placeholders()
    return Edition(
        language=language,
        subject={"en": "J.CLAIR News: the fair opens", "ja": "クレアシンガポールだより：旅行フェア開催"}[language[:2]],
        html=(html or HTML[language[:2]]).format(**placeholders),
        text=(text or TEXT[language[:2]]).format(**placeholders),
        fields=json.dumps(placeholders),
        hash="ab" * 32,
    )


def compiled(language: str = "en", *, office: Settings = OFFICE, html: str = "", text: str = "") -> Segments:
    issue = Issue(id=12, number=12, slug="2026-12-abcdefgh")
    return segments.compile(edition(language, html, text), office, issue, keys=KEYS, date=DATE)


def reader(name: str = "Tan Wei", email: str = "tan@example.org", language: str = "en") -> Recipient:
    return Recipient(subscription_id=7, delivery_id=70, email=email, name=name, language=language)


@pytest.mark.parametrize("language", ["en", "ja"])
@given(name=awkward)
def test_a_message_says_what_the_plain_way_says_and_has_exactly_its_fields(language: str, name: str) -> None:
    raw = compiled(language).build(reader(name))

    message = parsing.read(raw)
    assert parsing.fields(raw) == EXPECTED
    clean = headers.one_line(name).encode("utf-8", "replace").decode()
    token = tokens.unsubscribe_token(KEYS, 7)
    values = {
        "name": fields.called(clean, language),
        "unsubscribe_url": urls.unsubscribe(OFFICE, token),
        "topics_url": urls.topics(OFFICE, token),
        "unsubscribe_address": f"unsubscribe+{token}@example.org",
    }
    plain = parsing.plain_way(
        str(edition(language).subject),
        TEXT[language[:2]].format(**values),
        HTML[language[:2]].format(**{field: escape(value) for field, value in values.items()}),
    )
    assert message["Subject"] == plain["Subject"]
    assert [part.get_content_type() for part in message.walk()] == [part.get_content_type() for part in plain.walk()]
    for kind in ("plain", "html"):
        assert parsing.text_of(message, kind) == parsing.text_of(plain, kind)
    if clean:
        assert parsing.display_name(raw) == clean


@given(
    html=st.text(max_size=400).map(lambda words: words.replace("{", "").replace("}", "")),
    name=st.sampled_from(TRICKS),
)
@settings(max_examples=60)
def test_any_text_of_an_edition_survives(html: str, name: str) -> None:
    body = f"{html}{{name}}{html}{{unsubscribe_url}}{html}"

    message = parsing.read(compiled(html=body, text=body).build(reader(name)))

    plain = parsing.plain_way("s", body.format(name=headers.one_line(name), unsubscribe_url="URL"), "x")
    page = urls.unsubscribe(OFFICE, tokens.unsubscribe_token(KEYS, 7))
    normal = parsing.text_of(plain, "plain").replace("\r", "\n").replace("URL", page)
    assert parsing.text_of(message, "plain") == normal


def test_the_unsubscribe_field_is_bare_even_with_a_long_base_url() -> None:
    far = OFFICE.web.model_copy(update={"base_url": "https://a-rather-long-name-of-an-office.example.org/newsletter"})
    office = OFFICE.model_copy(update={"web": far})

    raw = compiled(office=office).build(reader())

    token = tokens.unsubscribe_token(KEYS, 7)
    line = f"List-Unsubscribe: <{far.base_url}/u/{token}>, <mailto:unsubscribe+{token}@example.org>\r\n"
    assert line.encode() in raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw


def test_the_sender_of_the_envelope_names_the_subscription_and_opens_no_page() -> None:
    sender = compiled().envelope_sender(reader())

    local, domain = sender.split("@")
    assert domain == "example.org"
    tag = local.removeprefix("bounce+")
    assert tokens.read_bounce(KEYS, tag) == 7
    assert tokens.read_unsubscribe(KEYS, tag) is None


def test_a_relay_that_takes_no_tags_gets_the_bare_address() -> None:
    office = OFFICE.model_copy(update={"relay": OFFICE.relay.model_copy(update={"tagged_sender": False})})

    assert compiled(office=office).envelope_sender(reader()) == OFFICE.publication.bounce_address


@pytest.mark.parametrize("length", range(20, 90, 7))
def test_links_of_any_length_lead_to_the_reader(length: int) -> None:
    base = "https://" + "n" * length + ".example.org"
    office = OFFICE.model_copy(update={"web": OFFICE.web.model_copy(update={"base_url": base})})

    message = parsing.read(compiled(office=office).build(reader()))

    page = urls.unsubscribe(office, tokens.unsubscribe_token(KEYS, 7))
    assert f" {page}\n" in parsing.text_of(message, "plain")
    assert f'href="{page}/topics"' in parsing.text_of(message, "html")


def test_a_second_try_is_the_same_message() -> None:
    first, second = compiled().build(reader()), compiled().build(reader())

    assert first == second
    assert parsing.read(first)["Message-ID"] == "<2026-12-abcdefgh.7@example.org>"


def test_two_readers_have_two_message_ids_and_two_tokens() -> None:
    made = compiled()

    one = made.build(reader())
    two = made.build(Recipient(8, 71, "lim@example.org", "Lim", "en"))

    for field in ("Message-ID", "List-Unsubscribe", "To"):
        assert parsing.read(one)[field] != parsing.read(two)[field]


def test_text_stands_before_html() -> None:
    message = parsing.read(compiled().build(reader()))

    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_subtype() for part in message.iter_parts()] == ["plain", "html"]


def test_a_name_is_data_in_html() -> None:
    html = parsing.text_of(parsing.read(compiled().build(reader("<script>{{7*7}}</script>"))), "html")

    assert "&lt;script&gt;{{7*7}}&lt;/script&gt;" in html


def test_an_address_that_is_not_one_builds_no_message() -> None:
    with pytest.raises(ValueError, match="To"):
        compiled().build(reader(email="x@example.org>\r\nRCPT TO:<victim@example.org"))


def test_static_fields_say_whose_list_it_is() -> None:
    message = parsing.read(compiled("ja").build(reader(language="ja")))

    assert message["List-Id"] == "<news.example.org>"
    assert message["Content-Language"] == "ja"
    assert message["Precedence"] == "bulk"
    assert message["Auto-Submitted"] == "auto-generated"
    assert 5 <= len(message["Feedback-ID"].rsplit(":", 1)[1]) <= 15
    assert message["From"].addresses[0].addr_spec == "news@example.org"
    assert message["Reply-To"].addresses[0].addr_spec == "info@example.org"


def test_an_edition_in_two_languages_names_both_and_speaks_the_leading_one() -> None:
    message = parsing.read(compiled("ja+en").build(reader("山田太郎")))

    assert message["Content-Language"] == "ja, en"
    assert message["From"] == parsing.read(compiled("ja").build(reader()))["From"]
