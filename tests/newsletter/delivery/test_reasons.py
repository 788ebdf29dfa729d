"""A refusal's reason never blames a reader for our fault, in the words that the big providers use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import words
from newsletter.delivery import reasons
from newsletter.delivery.replies import Reader, Reply

GENERAL = [
    ("550 5.1.1 <x@example.org>: Recipient address rejected: User unknown", "unknown_user"),
    ("550 No such user here", "unknown_user"),
    ("551 5.1.6 moved", "unknown_user"),
    ("550 5.1.2 bad host", "unknown_host"),
    ("556 5.1.10 Domain does not accept mail (nullMX)", "unknown_host"),  # RFC 7505
    ("552 5.2.2 mailbox full", "mailbox_full"),
    ("452 4.2.2 over quota", "mailbox_full"),
    ("550 5.2.1 disabled", "disabled"),
    ("550 5.7.1 rejected", "policy"),
    ("554 5.7.1 blocked using a DNSBL", "spam"),
    ("550 5.1.1 looks like spam", "spam"),
    ("550 5.1.1 <spam@example.org>: User unknown", "unknown_user"),  # a word of an address is no word about us
    ("550 relaying denied", "policy"),
    ("552 5.3.4 too big", "too_large"),
    ("550 5.6.7 needs SMTPUTF8", "needs_utf8"),
    ("554 5.6.0 bad content", "content"),
    ("451 4.4.1 connection timed out", "unreachable"),
    ("500 what", "other"),
    ("554 transaction failed", "other"),
]
GMAIL = [  # support.google.com/a/answer/3726730
    ("550 5.1.1 The email account that you tried to reach does not exist. Please try", "unknown_user"),
    ("550 5.2.1 The email account that you tried to reach is inactive.", "disabled"),
    ("552 5.2.2 The recipient's inbox is out of storage space.", "mailbox_full"),
    ("450 4.2.1 The user you are trying to contact is receiving mail too quickly.", "rate"),
    ("421 4.7.0 Our system has detected an unusual rate of unsolicited mail", "rate"),
    ("421 4.7.28 Gmail has detected an unusual rate of mail", "rate"),
    ("550 5.7.26 This mail has been blocked because the sender is unauthenticated.", "authentication"),
    ("550 5.7.25 The IP address sending this message does not have a PTR record", "authentication"),
    ("550 5.7.1 Our system has detected that this message is likely unsolicited mail.", "spam"),
    ("550 5.4.5 Daily user sending limit exceeded.", "rate"),
]
MICROSOFT = [  # learn.microsoft.com: non-delivery reports in Exchange Online; Outlook.com postmaster
    ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient x@example.org not found", "unknown_user"),
    ("550 5.4.1 Recipient address rejected: Access denied. [AS(201806281)]", "unknown_user"),
    ("550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).", "unknown_user"),
    ("550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; sender has to be signed in", "filtered"),
    ("550 5.7.1 RESOLVER.RST.AuthRequired; this group takes mail from inside only", "filtered"),
    ("550 5.7.515 Access denied, sending domain example.org does not meet the level", "authentication"),
    ("550 5.7.509 Access denied, sending domain does not pass verification", "authentication"),
    ("550 5.7.606 Access denied, banned sending IP [192.0.2.1]", "spam"),
    ("550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP", "spam"),
    ("451 4.7.500 Server busy. Please try again later", "rate"),
    ("554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException", "mailbox_full"),
    ("530 5.7.57 Client was not authenticated to send anonymous mail", "authentication"),
    ("552 5.3.4 Message size exceeds fixed maximum message size", "too_large"),
    ("550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain", "policy"),
]
YAHOO = [  # senders.yahooinc.com/smtp-error-codes; support.yahoo-net.jp
    ("554 delivery error: dd This user doesn't have a yahoo.com account (x@yahoo.test) [0]", "unknown_user"),
    ("554 delivery error: dd This user doesn't have a yahoo.co.jp account (x@yahoo.test) [-5]", "unknown_user"),
    ("552 1 Requested mail action aborted, mailbox not found", "unknown_user"),
    ("554 delivery error: dd Sorry, your message cannot be delivered. This mailbox is disabled (554.30).", "disabled"),
    ("421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume", "rate"),
    ("553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.1", "spam"),
    ("554 5.7.9 Message not accepted for policy reasons.", "authentication"),
    ("451 4.3.2 Internal error reading data", "unreachable"),
]
JAPANESE_CARRIERS = [  # note.com/sendmagic on docomo, au and SoftBank; sisimai's Rhost modules
    ("550 Unknown user x@docomo.ne.jp", "unknown_user"),
    ("550 5.2.0 Unknown user x@docomo.ne.jp", "filtered"),
    ("552 Too much mail data x@docomo.ne.jp", "mailbox_full"),
    ("550 <x@ezweb.ne.jp>: User unknown", "unknown_user"),
    ("550 : User unknown", "filtered"),
    ("550 Invalid recipient: <x@i.softbank.jp>", "unknown_user"),
    ("553 news.example.org does not exist", "authentication"),  # our domain, not the reader
]
ICLOUD = [  # sisimai's Rhost/Apple; support.apple.com/HT204137
    ("550 5.1.1 <x@icloud.test>: inactive email address", "unknown_user"),
    ("550 5.1.1 unknown or illegal alias: x@icloud.test", "unknown_user"),
    ("550 5.1.6 recipient no longer on server: x@icloud.test", "unknown_user"),
    ("552 5.2.2 <x@icloud.test>: user is over quota", "mailbox_full"),
    ("550 5.7.1 [CS01] Message rejected due to local policy.", "spam"),
    ("554 5.7.1 [HME1] This message was blocked for failing both SPF and DKIM authentication checks", "authentication"),
]
SERVERS = [  # postfix.org: access(5), SMTPD_ACCESS_README; Exim specification, 43; postgrey
    ("550 5.1.1 <x@example.org>: Recipient address rejected: User unknown in local recipient table", "unknown_user"),
    ("550 5.1.0 <news@example.org>: Sender address rejected: User unknown in virtual mailbox table", "authentication"),
    ("450 4.1.8 <news@example.org>: Sender address rejected: Domain not found", "authentication"),
    ("550 Sender verify failed", "authentication"),
    ("554 5.7.1 <x@example.org>: Relay access denied", "policy"),
    ("554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", "spam"),
    ("450 4.2.0 <x@example.org>: Recipient address rejected: Greylisted", "greylisted"),
    ("451 4.7.1 Greylisting in action, please come back later", "greylisted"),
    ("452 4.3.1 Insufficient system storage", "unreachable"),
    ("550 Unrouteable address", "unknown_host"),
    ("550 Administrative prohibition", "policy"),
]
SES = [  # docs.aws.amazon.com/ses: SMTP response codes returned by Amazon SES
    ("454 Throttling failure: Maximum sending rate exceeded.", "rate"),
    ("454 Throttling failure: Daily message quota exceeded.", "rate"),
    ("554 Message rejected: Email address is not verified. The following identities failed", "authentication"),
    ("535 Authentication Credentials Invalid", "authentication"),
    ("421 Too many concurrent SMTP connections", "rate"),
    ("451 Temporary service failure", "greylisted"),
]


def read(text: str) -> Reply:
    """Return the reply that a line makes."""
    [reply] = Reader().feed(text.encode() + b"\r\n")
    return reply


ALL = [*GENERAL, *GMAIL, *MICROSOFT, *YAHOO, *JAPANESE_CARRIERS, *ICLOUD, *SERVERS, *SES]


@pytest.mark.parametrize(("text", "reason"), ALL)
def test_the_reason_is_read_from_code_and_words(text: str, reason: str) -> None:
    assert reasons.classify(read(text)) == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("550 Unknown user x@docomo.ne.jp", "filtered"),  # at RCPT it would be dead
        ("550 <x@ezweb.ne.jp>: User unknown", "filtered"),
        ("554 delivery error: dd This user doesn't have a yahoo.co.jp account (x@yahoo.test) [-5]", "unknown_user"),
        ("552 Too much mail data x@docomo.ne.jp", "mailbox_full"),
    ],
)
def test_after_the_message_a_japanese_carrier_speaks_of_the_readers_own_filter(text: str, reason: str) -> None:
    assert reasons.classify(read(text), after_data=True) == reason


@given(st.integers(400, 599), st.text(max_size=200))
def test_every_reason_fits_its_column_and_has_words(code: int, text: str) -> None:
    reason = reasons.classify(Reply(code, (text,)))

    assert 0 < len(reason) <= 24
    assert f"reason.{reason}" in words.load("report", "ja").names()


def test_every_reason_of_the_tables_has_words() -> None:
    known = words.load("report", "en").names()
    listed = {reason for _, reason in ALL} | reasons.OUR_FAULT

    assert {f"reason.{reason}" for reason in listed} <= known
