"""Signatures that others find good, and that break with whatever a reader would be deceived by."""

import email
import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.message import letters
from newsletter.message.dkim import canonical, records
from newsletter.message.dkim.signing import COVERED, Signer, SigningKey
from tests.newsletter.message import parsing, test_letters
from tests.newsletter.message.dkim import verifiers
from tests.newsletter.message.dkim.conftest import SIGNED_AT, Signatory
from tests.newsletter.message.test_headers import TRICKS
from tests.newsletter.message.test_segments import EXPECTED, compiled, reader


@pytest.mark.parametrize("language", ["en", "ja", "ja+en"])
def test_every_message_is_signed_with_both_keys_and_both_hold(signatory: Signatory, language: str) -> None:
    edition = compiled(language)
    for name in TRICKS:
        message = signatory.signer.sign(edition.build(reader(name)))

        assert verifiers.dkimpy(message, signatory.dns) == [True, True]
        assert parsing.fields(message) == EXPECTED + Counter({"DKIM-Signature": 2})
        parsing.read(message)  # finds no defect and only legal lines


def test_letters_are_signed_too(signatory: Signatory) -> None:
    for name in TRICKS:
        letter = test_letters.letter(to_name=name, subject=name, headers='{"In-Reply-To": "<1@example.org>"}')

        message = signatory.signer.sign(letters.build(letter, test_letters.OFFICE))

        assert verifiers.dkimpy(message, signatory.dns) == [True, True]


def test_an_address_in_another_script_is_signed_too(signatory: Signatory) -> None:
    message = signatory.signer.sign(compiled().build(reader("山", "山@example.org")))

    assert verifiers.dkimpy(message, signatory.dns) == [True, True]


def _without(name: str, message: bytes) -> bytes:
    return re.sub(rb"\r\n" + name.encode() + rb":[^\r]*(?:\r\n[ \t][^\r]*)*", b"", message, count=1)


FALSIFIED: dict[str, Callable[[bytes], bytes]] = {
    "a byte of the body": lambda raw: raw.replace(b"A fair in", b"A fail in", 1),
    "the last byte of the body": lambda raw: raw[:-3] + b"x\r\n",
    "a line after the end": lambda raw: raw + b"Buy here\r\n",
    "another subject": lambda raw: raw.replace(b"\r\nSubject: ", b"\r\nSubject: Not ", 1),
    "another reader": lambda raw: raw.replace(b"tan@example.org", b"lim@example.org", 1),
    "without List-Unsubscribe": lambda raw: _without("List-Unsubscribe", raw),
    "without List-Unsubscribe-Post": lambda raw: _without("List-Unsubscribe-Post", raw),
    "without Feedback-ID": lambda raw: _without("Feedback-ID", raw),
    "another kind of whole": lambda raw: raw.replace(b"multipart/alternative; ", b"multipart/mixed; ", 1),
}
"""What an attacker between us and the reader could do with a message that is signed."""


@pytest.mark.parametrize("change", FALSIFIED)
def test_a_changed_message_is_no_longer_good(signatory: Signatory, change: str) -> None:
    message = signatory.signer.sign(compiled().build(reader()))
    falsified = FALSIFIED[change](message)

    assert falsified != message
    assert verifiers.dkimpy(falsified, signatory.dns) == [False, False]


@pytest.mark.parametrize(
    "name",
    [
        *("From", "To", "Cc", "Subject", "Date", "Message-ID", "Reply-To", "Content-Type", "MIME-Version"),
        *("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Post", "List-Help", "Feedback-ID"),
    ],
)
def test_a_field_that_is_added_breaks_the_signature(signatory: Signatory, name: str) -> None:
    message = signatory.signer.sign(compiled().build(reader()))
    head, _, body = message.partition(b"\r\n\r\n")
    added = f"{name}: x".encode()

    for falsified in (added + b"\r\n" + message, head + b"\r\n" + added + b"\r\n\r\n" + body):
        assert verifiers.dkimpy(falsified, signatory.dns) == [False, False]


def test_what_relays_do_on_the_way_breaks_nothing(signatory: Signatory) -> None:
    message = signatory.signer.sign(compiled().build(reader()))
    folded = message.replace(b"Subject: J.CLAIR News: the fair opens", b"SUBJECT:  J.CLAIR News:\r\n\tthe fair  opens")
    assert folded != message

    traced = b"Received: from us by relay; Tue, 24 Nov 2026 02:00:00 +0000\r\nX-Seen: yes\r\n" + folded + b"\r\n\r\n"

    assert verifiers.dkimpy(traced, signatory.dns) == [True, True]


def test_each_kind_of_key_signs_alone(one_key: Signatory) -> None:
    message = one_key.signer.sign(compiled("ja").build(reader()))

    assert verifiers.dkimpy(message, one_key.dns) == [True]


def test_the_record_of_another_key_does_not_verify(one_key: Signatory, signing_keys: list[SigningKey]) -> None:
    message = one_key.signer.sign(compiled().build(reader()))
    other = {name: records.of(signing_keys[0], "example.org").value[:-8] + "AAAAAAA=" for name in one_key.dns}

    assert verifiers.dkimpy(message, other) == [False]
    assert verifiers.dkimpy(message, {}) == [False]


def test_the_signature_says_who_and_when_and_covers_names_that_may_not_be_added(one_key: Signatory) -> None:
    message = one_key.signer.sign(compiled().build(reader()))

    value = str(email.message_from_bytes(message)["DKIM-Signature"])
    tags = dict(part.strip().split("=", 1) for part in re.sub(r"\s+", "", value).split(";") if part)
    assert (tags["d"], tags["i"], tags["c"], tags["t"]) == (
        "example.org",
        "@example.org",
        "relaxed/simple",
        str(SIGNED_AT),
    )
    assert not {"l", "x"} & tags.keys()
    counted = Counter(tags["h"].split(":"))
    present = Counter(name.lower() for name in parsing.fields(message).elements())
    assert {name: counted[name] for name in COVERED} == {name: present[name] + 1 for name in COVERED}


def test_a_signature_ends_where_the_settings_say_so(signing_keys: list[SigningKey]) -> None:
    signer = Signer(
        signing_keys[:1],
        domain="example.org",
        identity="news.example.org",
        further=["Sender", "precedence"],
        valid=timedelta(days=7),
        clock=lambda: SIGNED_AT,
    )

    message = signer.sign(compiled().build(reader()))

    value = re.sub(r"\s+", "", str(email.message_from_bytes(message)["DKIM-Signature"]))
    assert f";t={SIGNED_AT};x={SIGNED_AT + 604800};" in value
    assert "i=@news.example.org;" in value
    assert ":sender:precedence:precedence;" in value
    signed_now = Signer(signing_keys[:1], domain="example.org", identity="example.org", valid=timedelta(days=7))
    record = records.of(signing_keys[0], "example.org")
    assert verifiers.dkimpy(signed_now.sign(message), {record.name: record.value})[0]


@given(
    body=st.text(alphabet="a .\t=日\n", max_size=60).map(lambda text: text.replace("\n", "\r\n").encode()),
    subject=st.text(alphabet="ab \t", max_size=20),
)
def test_any_spacing_is_brought_into_the_form_that_is_verified(signatory: Signatory, body: bytes, subject: str) -> None:
    header = f"From: news@example.org\r\nSubject:{subject}\r\nX-Empty:\r\n".encode()

    message = signatory.signer.sign(header + b"\r\n" + body)

    assert verifiers.dkimpy(message, signatory.dns) == [True, True]


def test_fields_of_one_name_are_signed_from_the_bottom_up() -> None:
    raw = b"To: a@example.org\r\nSubject : one\r\n  two\r\nto: b@example.org\r\n\r\n"

    fields, start = canonical.parts(raw)

    assert start == len(raw)
    assert [canonical.field(one) for one in fields] == [
        (b"to", b"to:a@example.org\r\n"),
        (b"subject", b"subject:one two\r\n"),
        (b"to", b"to:b@example.org\r\n"),
    ]


def test_bytes_without_a_header_are_no_message(signatory: Signatory) -> None:
    with pytest.raises(ValueError, match="subsection not found"):
        signatory.signer.sign(b"Hello\r\n")
