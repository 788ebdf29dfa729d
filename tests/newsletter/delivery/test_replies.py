"""Replies come together from any pieces."""

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
        list(Reader().feed(raw))


def test_a_reply_without_end_is_refused() -> None:
    with pytest.raises(ProtocolError):
        list(Reader().feed(b"250-more\r\n" * 300))


def test_a_line_of_ten_million_bytes_is_refused_long_before_its_end() -> None:
    reader = Reader()
    list(reader.feed(b"2" * replies.MAX_LINE))

    with pytest.raises(ProtocolError, match="does not end"):
        list(reader.feed(b"2"))


def test_what_was_said_before_nonsense_still_counts() -> None:
    answers = Reader().feed(b"250 first\r\nnonsense\r\n250 last\r\n")

    assert next(answers).text == "first"
    with pytest.raises(ProtocolError):
        next(answers)


def test_a_nul_in_a_reply_is_not_kept() -> None:
    [reply] = Reader().feed(b"250 2.0.0 queued\0 as\0\0 7\r\n")

    assert reply.text == "2.0.0 queued  as  7"


@pytest.mark.parametrize(
    ("said", "crowded"),
    [
        ("421 4.7.0 mx.test Error: too many connections from 192.0.2.1", True),
        ("421 Too many concurrent SMTP connections; please try again later.", True),
        ("432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", True),
        ("421 4.3.2 The maximum number of concurrent connections has exceeded a limit", True),
        ("421 4.4.2 connection timed out", False),
        ("452 4.5.3 too many recipients", False),
    ],
)
def test_a_server_with_too_many_connections_says_so_in_words(said: str, *, crowded: bool) -> None:
    assert replies.means_crowded(said) is crowded


def test_what_is_kept_of_a_reply_is_one_short_line() -> None:
    [reply] = Reader().feed(b"550-5.1.1 \x1b[31mred\r\n550 " + b"x" * 3000 + b"\r\n")

    assert len(reply.text) == replies.MAX_KEPT
    assert "\x1b" not in reply.text


def test_logs_hold_no_address() -> None:
    assert replies.without_addresses("550 <x@example.org>: no") == "550 <(address)>: no"
