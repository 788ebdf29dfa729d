"""Tokens fit where they must, say what they were made for, and cannot be made or turned by others."""

import base64
import hmac
import re
import string
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers import tokens

OLD, NEW = b"o" * 32, b"n" * 32
IDS = st.integers(0, 2**40 - 1)


@given(IDS)
def test_a_footer_token_reads_back_in_any_case(number: int) -> None:
    token = tokens.unsubscribe_token([NEW], number)

    assert re.fullmatch(r"[a-z2-7]{26}", token)
    assert tokens.read_unsubscribe([NEW], token) == number
    assert tokens.read_unsubscribe([NEW], token.upper()) == number


@given(IDS, st.binary(min_size=1, max_size=80))
def test_a_token_is_what_the_standard_library_writes(number: int, key: bytes) -> None:
    identity = number.to_bytes(5, "big")

    for purpose, token in (
        ("unsubscribe", tokens.unsubscribe_token([key], number)),
        ("bounce", tokens.bounce_token([key], number)),
    ):
        mac = hmac.digest(key, f"{purpose}:".encode() + identity, "sha256")[:11]
        assert token == base64.b32encode(identity + mac).decode().rstrip("=").lower()


def test_an_old_key_stays_valid_and_the_first_signs() -> None:
    old = tokens.unsubscribe_token([OLD], 7)

    assert tokens.read_unsubscribe([NEW, OLD], old) == 7
    assert tokens.unsubscribe_token([NEW, OLD], 7) == tokens.unsubscribe_token([NEW], 7)
    assert tokens.read_unsubscribe([NEW], old) is None


@given(IDS, st.integers(0, 25), st.sampled_from(string.ascii_lowercase + "234567"))
def test_a_changed_token_is_refused(number: int, place: int, letter: str) -> None:
    token = tokens.unsubscribe_token([NEW], number)
    changed = token[:place] + letter + token[place + 1 :]

    expected = number if changed == token else None
    assert tokens.read_unsubscribe([NEW], changed) == expected


@given(st.text() | st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=26, max_size=26))
def test_what_is_no_token_is_refused(text: str) -> None:
    assert tokens.read_unsubscribe([NEW], text) is None
    assert tokens.read_bounce([NEW], text) is None
    assert tokens.form_age(NEW, text, datetime(2026, 1, 1, tzinfo=UTC)) is None


def test_a_token_serves_one_purpose() -> None:
    assert tokens.read_unsubscribe([NEW], tokens.bounce_token([NEW], 7)) is None
    assert tokens.read_bounce([NEW], tokens.unsubscribe_token([NEW], 7)) is None
    assert tokens.read_bounce([NEW], tokens.bounce_token([NEW], 7)) == 7


@pytest.mark.parametrize("letter", ["İ", "K", "ſ"])
def test_letters_that_fold_to_ours_are_not_ours(letter: str) -> None:
    token = tokens.unsubscribe_token([NEW], 7)

    assert tokens.read_unsubscribe([NEW], letter + token[1:]) is None


def test_tickets_differ_and_their_hash_forgives_case_and_blanks() -> None:
    made = [tokens.new_ticket() for _ in range(100)]

    assert len({token for token, _ in made}) == 100
    for token, hashed in made:
        assert re.fullmatch(r"[a-z2-7]{26}", token)
        assert tokens.ticket_hash(f" {token.upper()}\n") == hashed
        assert len(hashed) == 32


@given(st.text())
def test_any_text_has_a_ticket_hash(text: str) -> None:
    assert len(tokens.ticket_hash(text)) == 32


def test_an_address_hash_needs_the_key() -> None:
    assert tokens.address_hash(NEW, "a@example.org") != tokens.address_hash(OLD, "a@example.org")
    assert tokens.address_hash(NEW, "a@example.org") != tokens.address_hash(NEW, "b@example.org")
    assert len(tokens.address_hash(NEW, "a@example.org")) == 32


def test_a_form_token_tells_its_age(now: datetime) -> None:
    token = tokens.form_token(NEW, now)

    assert tokens.form_age(NEW, token, now + timedelta(minutes=3)) == timedelta(minutes=3)
    assert tokens.form_age(OLD, token, now) is None
    assert tokens.form_age(NEW, token, now - timedelta(seconds=1)) is None


def test_a_form_token_cannot_be_made_younger(now: datetime) -> None:
    moment, mac = tokens.form_token(NEW, now).split("-")

    assert tokens.form_age(NEW, f"{int(moment, 16) + 60:x}-{mac}", now + timedelta(hours=1)) is None
