"""A refusal's reason never blames a reader for our fault."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery import reasons
from newsletter.delivery.replies import Reader, Reply


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

    assert reasons.classify(reply) == reason


@given(st.integers(400, 599), st.text(max_size=200))
def test_every_reason_fits_its_column(code: int, text: str) -> None:
    assert 0 < len(reasons.classify(Reply(code, (text,)))) <= 24
