"""A letter is one well-formed message, and nothing in its row becomes a field by accident."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given

from newsletter import config
from newsletter.message import headers, letters
from newsletter.models import Letter
from tests.conftest import ROOT
from tests.newsletter.message import parsing
from tests.newsletter.message.test_headers import awkward

OFFICE = config.load(ROOT / "config.toml", data_folder=Path("nowhere"))
EXPECTED = Counter(
    [
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "Reply-To"),
        *("Content-Language", "MIME-Version", "Content-Type"),
    ]
)


def letter(**changes: object) -> Letter:
    values: dict[str, object] = {
        "id": 5,
        "kind": "confirmation",
        "to_address": "tan@example.org",
        "to_name": "Tan",
        "language": "en",
        "subject": "Please confirm",
        "text": "Hello\n.\nhttps://example.org/c/abc",
        "html": "<p>Hello</p>\n.\n",
        "headers": "{}",
        "created_at": datetime(2026, 11, 24, 2, 0, tzinfo=UTC),
    }
    return Letter(**(values | changes))


@given(name=awkward, subject=awkward, text=awkward, html=awkward)
def test_a_letter_says_what_its_row_says_and_has_exactly_its_fields(
    name: str, subject: str, text: str, html: str
) -> None:
    raw = letters.build(letter(to_name=name, subject=subject, text=text, html=html), OFFICE)

    message = parsing.read(raw)
    assert parsing.fields(raw) == EXPECTED
    plain = parsing.plain_way("s", text.encode("utf-8", "replace").decode(), "x")
    said = parsing.text_of(message, "plain")
    assert said.rstrip("\n") == parsing.text_of(plain, "plain").replace("\r", "\n").rstrip("\n")
    if headers.one_line(name):
        assert parsing.display_name(raw) == headers.one_line(name).encode("utf-8", "replace").decode()


def test_a_letter_without_html_is_plain_text() -> None:
    raw = letters.build(letter(html=None, text="確認のお願いです。"), OFFICE)

    message = parsing.read(raw)
    assert message.get_content_type() == "text/plain"
    assert parsing.text_of(message, "plain") == "確認のお願いです。\n"
    assert parsing.fields(raw) == EXPECTED + Counter(["Content-Transfer-Encoding"])


def test_further_fields_are_written_and_replace_the_defaults() -> None:
    own = json.dumps({"Auto-Submitted": "auto-replied", "In-Reply-To": "<1@example.org>"})

    message = parsing.read(letters.build(letter(headers=own), OFFICE))

    assert message.get_all("Auto-Submitted") == ["auto-replied"]
    assert message["In-Reply-To"] == "<1@example.org>"


@pytest.mark.parametrize("own", [{"Bcc": "x@example.org"}, {"X-A": "b\r\nBcc: x@example.org"}, {"To": "x@example.org"}])
def test_further_fields_cannot_address_or_smuggle(own: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"may not set|not a header field"):
        letters.build(letter(headers=json.dumps(own)), OFFICE)


def test_a_second_try_is_the_same_message() -> None:
    assert letters.build(letter(), OFFICE) == letters.build(letter(), OFFICE)
    assert b"<letter.5." in letters.build(letter(), OFFICE)
