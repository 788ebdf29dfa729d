"""Hostile and broken letters cost little and break nothing (facts: mail parsers die on them)."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscribers.mailbox.classify import classify
from subscribers.mailbox.parsing import Mail
from subscribers.mailbox.verdict import ACTIONS, KINDS, Verdict
from tests.subscribers.mailbox.post import OWN, delivery_report, letter

BOUND_SECONDS = 5.0

HEAD = b"From: a@example.test\r\nTo: info@example.org\r\nMIME-Version: 1.0\r\n"


def _parts(count: int) -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * count + b"--b--\r\n"


def _nested(depth: int) -> bytes:
    opened = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return HEAD + opened + b"\r\nsubscribe\r\n"


HOSTILE = {
    "nothing": b"",
    "no header": b"\r\n\r\nsubscribe",
    "quote as sender": letter("subscribe", sender='"'),
    "parentheses": letter("subscribe", to="(" * 2000),
    "endless header": HEAD + b"Subject: " + b"x" * 10_000_000 + b"\r\n\r\nsubscribe",
    "many headers": HEAD + b"X-A: b\r\n" * 100_000 + b"\r\nsubscribe",
    "many parts": _parts(100_000),
    "nested parts": _nested(3_000),
    "nested messages": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 5_000,
    "many recipients of a report": delivery_report().replace(b"Final-Recipient", b"A: b\r\n\r\n" * 100_000, 1),
    "a report and nothing else": HEAD + b"Content-Type: message/delivery-status\r\n\r\n" + b"\r\n" * 1_000_000,
    "codec that is none": letter("subscribe").replace(b"utf-8", b"idna"),
    "codec that unpacks": letter("subscribe").replace(b"utf-8", b"zlib"),
    "codec unheard of": letter("subscribe").replace(b"utf-8", b"x-klingon"),
    "nul": letter("sub\0scribe", subject="a\0b"),
    "broken base64": letter("====").replace(b"8bit", b"base64"),
    "broken encoded word": HEAD + b"Subject: =?utf-8?b?====?= =?utf-8?q?=ZZ?= =?x?b?YQ?=\r\n\r\nx",
    "8-bit header": HEAD + b"Subject: \xff\xfe\x80\xe9\r\n\r\nx",
    "missing boundary": HEAD + b"Content-Type: multipart/mixed\r\n\r\n--\r\n\r\nsubscribe",
    "uuencode": letter("begin 644 x\n#86)C\n`\nend").replace(b"8bit", b"x-uuencode"),
    "deep html": letter("<div>" * 100_000).replace(b"text/plain", b"text/html"),
    "unclosed html": letter("<!" * 100_000 + "<a " * 100_000).replace(b"text/plain", b"text/html"),
    "brackets": letter("subscribe", Authentication_Results="mx.example.org; " + "(" * 1900),
    "partial": HEAD + b"Content-Type: message/partial; number=1; total=2; id=x\r\n\r\nx",
    "one endless line": letter("unsubscribe " * 100_000),
    "many lines": letter("> x\n" * 100_000 + "unsubscribe"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_letter_gets_a_verdict_in_bounded_time(name: str) -> None:
    started = time.process_time()
    found = classify(HOSTILE[name], OWN)

    assert time.process_time() - started < BOUND_SECONDS
    assert found.kind in KINDS
    assert found.action in ACTIONS


def test_broken_letters_are_still_understood_where_a_person_would() -> None:
    assert classify(HOSTILE["codec unheard of"], OWN).action == "ask"
    assert classify(HOSTILE["codec that is none"], OWN).action == "ask"
    assert classify(HOSTILE["many headers"], OWN).kind == "subscribe"


@given(raw=st.binary(max_size=2000))
@settings(max_examples=200)
def test_any_bytes_get_a_verdict_that_a_database_can_keep(raw: bytes) -> None:
    _keepable(classify(raw, OWN))


@given(field=st.sampled_from(["From", "To", "Subject", "Content-Type", "Return-Path"]), value=st.binary(max_size=300))
@settings(max_examples=300)
def test_any_value_of_a_field_gets_a_verdict_that_a_database_can_keep(field: str, value: bytes) -> None:
    raw = field.encode() + b": " + value + b"\r\n" + letter("subscribe", to="subscribe@example.org")

    _keepable(classify(raw, OWN))


def test_a_long_text_is_never_cut_inside_a_character() -> None:
    mail = Mail(letter("購読\n" + "あ" * 30 + "\n" * 2 + ("い" * 40 + "\n") * 1000))

    assert "\ufffd" not in mail.text()
    assert mail.text().startswith("購読")


def _keepable(found: Verdict) -> None:
    for value in (found.kind, found.action, found.address, found.name, found.token, found.message_id, *found.topics):
        assert "\0" not in value
        value.encode("utf-8")
