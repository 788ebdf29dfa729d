"""Nothing that anybody wrote becomes a field, a line or a part of its own, wherever in a message it stands."""

import email
import email.policy
import json
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter import flyers
from newsletter.config import Settings
from newsletter.message import headers, letters, segments
from newsletter.message.enclosures import Enclosure
from newsletter.models import Issue
from tests.newsletter.message import parsing
from tests.newsletter.message.test_headers import awkward
from tests.newsletter.message.test_letters import EXPECTED as LETTER_FIELDS
from tests.newsletter.message.test_letters import letter
from tests.newsletter.message.test_segments import DATE, EXPECTED, KEYS, OFFICE, edition, reader

FAMILY = "👩‍👩‍👧‍👦"
NASTY = [
    "x" * 500,
    "山" * 500,
    FAMILY * 72,
    "=?utf-8?q?" + "=0d=0aBcc:=20x" * 30 + "?=",
    '"' * 500,
    "\\" * 499,
    "a\u202e\u2066b\u2069\u200f" * 50,
    "\r\n\r\n--=_\r\nContent-Type: text/html\r\n\r\n",
    "\0\x01\x1b[31m\x7f\x85\u2028\u2029\ufeff",
    "\ud800 alone",
    ", <victim@example.org>, ",
    "undisclosed:; (comment) <x>",
    "é" * 30 + "=?" + "é" * 30,
]
words = awkward | st.sampled_from(NASTY)
BODIES = [
    "lone\rreturns\rand\nfeeds\n\r\n\r",
    "x" * 10_000,
    "山" * 10_000,
    ("word " * 2000).strip(),
    " " * 5000 + "\t" * 5000,
    "\ufeffbegins with a mark",
    ".\r\n.\r\nQUIT\r\n",
    "\n.\nMAIL FROM:<x@example.org>\n",
    "--=_" + "ab" * 16 + "--\n",
    "From x\n>From y\n",
    "=\n=20\n=3D=\n",
    "\0",
]
bodies = st.text(max_size=300) | st.sampled_from(BODIES)


def _titled(title: str) -> Settings:
    publication = OFFICE.publication.model_copy(update={"title": {"en": title, "ja": title}})
    office = OFFICE.office.model_copy(update={"name": {"en": title, "ja": title}})
    return OFFICE.model_copy(update={"publication": publication, "office": office})


def _issue(office: Settings, subject: str, body: str, name: str, enclosed: Sequence[Enclosure] = ()) -> bytes:
    made = edition(html=body.replace("{", "").replace("}", ""), text=body.replace("{", "").replace("}", ""))
    made.subject = subject
    issue = Issue(id=12, number=12, slug="2026-12-abcdefgh")
    return segments.compile(made, office, issue, keys=KEYS, date=DATE, enclosed=enclosed).build(reader(name))


def _same(text: str) -> str:
    """Return a text as a mail can say it: with lines that end alike, and no half of a character."""
    return text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode().rstrip("\n")


@given(subject=words, title=words, name=words, body=bodies)
@settings(max_examples=80)
def test_an_issue_has_its_fields_and_its_two_parts_whatever_is_written_in_it(
    subject: str, title: str, name: str, body: str
) -> None:
    raw = _issue(_titled(title), subject, body, name)

    message = parsing.read(raw)
    assert parsing.fields(raw) == EXPECTED
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    for field, said in (("From", title), ("Reply-To", title), ("To", name)):
        if headers.one_line(said):
            assert parsing.display_name(raw, field) == _same(headers.one_line(said))
    written = body.replace("{", "").replace("}", "")
    if written:
        assert parsing.text_of(message, "plain").rstrip("\n") == _same(written)


@given(subject=words, name=words, body=bodies, html=bodies)
@settings(max_examples=80)
def test_a_letter_has_its_fields_and_its_two_parts_whatever_is_written_in_it(
    subject: str, name: str, body: str, html: str
) -> None:
    raw = letters.build(letter(subject=subject, to_name=name, text=body, html=html), _titled(name))

    message = parsing.read(raw)
    assert parsing.fields(raw) == LETTER_FIELDS
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert parsing.text_of(message, "plain").rstrip("\n") == _same(body)
    assert parsing.text_of(message, "html").rstrip("\n") == _same(html)


@given(st.dictionaries(st.sampled_from(["X-A", "In-Reply-To", "X-A\r\nBcc", "X A", "", "Subject "]), words, max_size=2))
def test_further_fields_of_a_letter_are_written_as_one_line_or_not_at_all(own: dict[str, str]) -> None:
    try:
        raw = letters.build(letter(headers=json.dumps(own)), OFFICE)
    except ValueError:
        return

    assert parsing.fields(raw) == LETTER_FIELDS + Counter(own.keys())
    parsed = email.message_from_bytes(raw)
    assert all(str(parsed[name]) == value for name, value in own.items() if value == value.strip())


@given(names=st.lists(words, min_size=1, max_size=3), body=bodies)
@example(names=["𠮷" * 100 + ".pdf"], body="x")
@settings(max_examples=60)
def test_the_name_of_an_enclosure_is_one_name(names: list[str], body: str) -> None:
    enclosed = [Enclosure(f"{flyers.tidy(name)}.pdf", b"%PDF-1.4\r\n.\r\n" + bytes(range(256))) for name in names]

    raw = _issue(OFFICE, "Subject", body, "Tan", enclosed)

    message = parsing.read(raw)
    assert parsing.fields(raw) == EXPECTED
    found = [(part.get_filename(), part.get_content()) for part in message.iter_attachments()]
    assert found == [(one.name.encode("utf-8", "replace").decode(), one.content) for one in enclosed]


@pytest.mark.parametrize("body", BODIES)
def test_smtp_finds_no_end_of_a_message_within_it(body: str) -> None:
    raw = _issue(OFFICE, "Subject", body, "Tan")

    for end in (b"\n.\r\n", b"\n.\n", b"\r.\r", b"\r\n.\r\n"):
        assert end not in raw
