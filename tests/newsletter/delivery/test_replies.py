"""Replies come together from any pieces, and a refusal's reason never blames a reader for our fault."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery import replies
from newsletter.delivery.errors import ProtocolError
from newsletter.delivery.replies import Reader, Reply

lines = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
said = st.lists(st.tuples(st.integers(200, 599), st.lists(lines, min_size=1, max_size=4)), max_size=5)


@given(said, st.data())
def test_replies_are_the_same_however_the_bytes_arrive(said: list[tuple[int, list[str]]], data: st.DataObject) -> None:
    raw = b"".join(
        f"{code}{' ' if number == len(texts) - 1 else '-'}{text}\r\n".encode()
        for code, texts in said
        for number, text in enumerate(texts)
    )
    reader = Reader()
    found: list[Reply] = []
    while raw:
        size = data.draw(st.integers(1, len(raw)))
        found += reader.feed(raw[:size])
        raw = raw[size:]

    assert found == [Reply(code, tuple(texts)) for code, texts in said]
    assert reader.empty


@pytest.mark.parametrize(
    "raw", [b"hello\r\n", b"\r\n", b"25 ok\r\n", b"999 x\r\n", b"250-a\r\n550 b\r\n", b"2500\r\n", b"x" * 5000]
)
def test_what_is_no_reply_is_refused(raw: bytes) -> None:
    with pytest.raises(ProtocolError):
        Reader().feed(raw)


def test_a_reply_without_end_is_refused() -> None:
    with pytest.raises(ProtocolError):
        Reader().feed(b"250-more\r\n" * 300)


def test_what_is_kept_of_a_reply_is_one_short_line() -> None:
    [reply] = Reader().feed(b"550-5.1.1 \x1b[31mred\r\n550 " + b"x" * 3000 + b"\r\n")

    assert len(reply.text) == replies.MAX_KEPT
    assert "\x1b" not in reply.text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("550 5.1.1 <x@example.org>: Recipient address rejected: User unknown", "unknown_user"),
        ("550 No such user here", "unknown_user"),
        ("550 Unknown user x@docomo.test", "unknown_user"),
        ("550 5.2.0 Unknown user x@docomo.test", "filtered"),
        ("550 <x@ezweb.test>: User unknown", "unknown_user"),
        ("550 : User unknown", "filtered"),
        ("551 5.1.6 moved", "unknown_user"),
        ("550 5.1.2 bad host", "unknown_host"),
        ("552 5.2.2 mailbox full", "mailbox_full"),
        ("452 4.2.2 over quota", "mailbox_full"),
        ("550 5.2.1 disabled", "disabled"),
        ("550 5.7.1 rejected", "policy"),
        ("550 5.7.26 unauthenticated", "authentication"),
        ("550 5.7.515 Access denied, sending domain", "authentication"),
        ("554 5.7.1 blocked using a DNSBL", "spam"),
        ("550 5.1.1 looks like spam", "spam"),
        ("550 relaying denied", "policy"),
        ("552 5.3.4 too big", "too_large"),
        ("550 5.6.7 needs SMTPUTF8", "needs_utf8"),
        ("554 5.6.0 bad content", "content"),
        ("500 what", "other"),
        ("554 transaction failed", "other"),
    ],
)
def test_the_reason_is_read_from_code_and_words(text: str, reason: str) -> None:
    [reply] = Reader().feed(text.encode() + b"\r\n")

    assert replies.classify(reply) == reason


@given(st.integers(400, 599), st.text(max_size=200))
def test_every_reason_fits_its_column(code: int, text: str) -> None:
    assert 0 < len(replies.classify(Reply(code, (text,)))) <= 24


def test_logs_hold_no_address() -> None:
    assert replies.without_addresses("550 <x@example.org>: no") == "550 <(address)>: no"
