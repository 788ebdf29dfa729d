"""Whole bounces: standard reports, and letters in words of a program's own; and letters that are none."""

from pathlib import Path

import pytest

from subscribers import bounces
from subscribers.mailbox.parsing import Mail

MAILS = Path(__file__).parent / "mails"
OWN = frozenset({"office@office.example", "bounce@office.example"})
READER = "reader@example.org"
EXPECTED: dict[str, list[tuple[str, str]]] = {
    "chinese": [("reader@example.cn", "unknown_user")],
    "courier": [(READER, "unknown_user")],
    "delivered": [(READER, "delivered")],
    "dmarc-refused": [(READER, "authentication")],
    "docomo-filter": [("reader@docomo.example", "filtered")],
    "domino": [(READER, "unknown_user")],
    "exchange-2003": [(READER, "unknown_user")],
    "exchange-online": [(READER, "unknown_user")],
    "exim-delayed": [(READER, "transient")],
    "exim-plain": [(READER, "unknown_user")],
    "ezweb": [("reader@ezweb.example", "disabled")],
    "ezweb-unknown": [("reader@ezweb.example", "unknown_user")],
    "gmail-ja": [(READER, "unknown_user")],
    "html-only": [(READER, "unknown_user")],
    "japanese": [("reader@example.jp", "unknown_user")],
    "left-company": [],
    "local-name": [(READER, "unknown_user")],
    "opensmtpd-error": [(READER, "unknown_user")],
    "person": [],
    "postfix-delayed": [(READER, "transient")],
    "postfix-two": [("full@example.org", "mailbox_full"), ("gone@example.org", "unknown_user")],
    "postfix-unknown": [(READER, "unknown_user")],
    "qmail": [(READER, "unknown_user")],
    "qmail-quota": [(READER, "mailbox_full")],
    "sendmail-unknown-vague": [(READER, "unknown_user")],
    "two-plain": [("full@example.org", "mailbox_full"), ("gone@example.org", "unknown_user")],
    "vacation": [],
    "vacation-ja": [],
    "x400-address": [(READER, "unknown_user")],
}


def _read(name: str) -> tuple[bounces.Bounced, ...]:
    return bounces.read(Mail((MAILS / f"{name}.eml").read_bytes()), OWN)


def test_every_sample_is_expected_to_be_something() -> None:
    assert {path.stem for path in MAILS.glob("*.eml")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_letter_tells_of_whom_and_why(name: str) -> None:
    assert [(one.address, one.reason) for one in _read(name)] == EXPECTED[name]


def test_what_the_refusing_server_said_is_kept_with_its_code() -> None:
    (one,) = _read("postfix-unknown")

    assert (one.status, one.hard) == ("5.1.1", True)
    assert one.reply == "550 5.1.1 <reader@example.org>: Recipient address rejected: User unknown"


def test_words_of_the_returned_letter_count_for_nothing() -> None:
    assert [one.reason for one in _read("qmail-quota")] == ["mailbox_full"]  # the letter below says "unknown user"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"From: MAILER-DAEMON@x\nSubject: failure notice\n\n" + b"<a@b.example>: user unknown\n" * 20_000,
        b"From: MAILER-DAEMON@x\nSubject: failure notice\n\n" + b"user <" * 100_000,
        b"From: MAILER-DAEMON@x\nContent-Type: multipart/report; boundary=b\n\n"
        + b"--b\nContent-Type: message/delivery-status\n\n" * 5_000,
        b"From: MAILER-DAEMON@x\nContent-Type: message/delivery-status\n\n\xff\xfeFinal-Recipient: \x00;\n\n",
        b"From: MAILER-DAEMON@x\nSubject: =?x?b?!!?=\nContent-Type: text/plain; charset=nonsense\n\nfailed a@b.example",
    ],
)
def test_a_hostile_letter_is_read_in_bounds(raw: bytes) -> None:
    assert len(bounces.read(Mail(raw), OWN)) <= 100
