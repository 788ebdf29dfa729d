"""Each letter gets the verdict that a careful person in the office would give it."""

import base64

import pytest

from subscribers.mailbox.classify import classify
from subscribers.mailbox.verdict import Verdict
from tests.subscribers.mailbox.post import OWN, TOKEN, complaint, delivery_report, letter

AUTHENTIC = "mx.example.org; spf=pass smtp.mailfrom=example.test; dmarc=pass header.from=example.test"


def verdict(raw: bytes) -> Verdict:
    return classify(raw, OWN)


def test_a_letter_that_says_subscribe_asks_for_a_subscription() -> None:
    found = verdict(letter("Best wishes", subject="Subscribe"))

    assert (found.kind, found.action) == ("subscribe", "ask")
    assert (found.address, found.name, found.language) == ("tan@example.test", "Tan Wei", "en")
    assert (found.message_id, found.answerable) == ("<1@example.test>", True)


@pytest.mark.parametrize("charset", ["utf-8", "iso-2022-jp", "shift_jis", "euc-jp"])
def test_a_japanese_letter_is_read_in_every_usual_character_set(charset: str) -> None:
    found = verdict(letter("配信登録をお願いします", subject="こんにちは", charset=charset))

    assert (found.kind, found.action, found.language) == ("subscribe", "ask", "ja")


def test_an_empty_letter_to_the_subscribe_address_is_enough() -> None:
    found = verdict(letter(to="subscribe+ja+food@example.org", sender="h.sato@docomo.ne.jp"))

    assert (found.kind, found.action, found.language, found.topics) == ("subscribe", "ask", "ja", ("food",))


def test_a_telephone_whose_address_is_japanese_is_answered_in_japanese() -> None:
    assert verdict(letter(to="subscribe@example.org", sender="h.sato@docomo.ne.jp")).language == "ja"
    assert verdict(letter(to="subscribe@example.org", sender="tan@example.test")).language == ""


def test_what_a_telephone_adds_to_an_empty_letter_does_not_matter() -> None:
    found = verdict(letter("iPhoneから送信", subject="無題", to="subscribe@example.org"))

    assert (found.kind, found.action) == ("subscribe", "ask")


def test_a_token_in_the_address_unsubscribes_at_once_even_from_a_mail_program() -> None:
    person = verdict(letter(to=f"unsubscribe+{TOKEN}@example.org"))
    program = verdict(letter(to=f"unsubscribe+{TOKEN}@example.org", Auto_Submitted="auto-generated"))

    assert (person.kind, person.action, person.token, person.answerable) == ("unsubscribe", "leave", TOKEN, True)
    assert (program.kind, program.action, program.token, program.answerable) == ("unsubscribe", "leave", TOKEN, False)


def test_the_word_alone_unsubscribes_only_a_sender_that_our_border_vouches_for() -> None:
    assert verdict(letter("unsubscribe")).action == "offer"
    assert verdict(letter("unsubscribe", Authentication_Results=AUTHENTIC)).action == "leave"


@pytest.mark.parametrize(
    "results",
    [
        "mx.example.test; dmarc=pass header.from=example.test",
        "mx.example.org; dmarc=fail header.from=example.test",
        "mx.example.org; dmarc=pass header.from=other.test",
        "mx.example.org; spf=pass (x; dmarc=pass header.from=example.test) smtp.mailfrom=other.test",
        'mx.example.org; spf=pass smtp.mailfrom="; dmarc=pass"',
        "mx.example.org; none\r\nAuthentication-Results: mx.example.org; dmarc=pass",
        "(mx.example.org; dmarc=pass",
        "mx.example.org; xdmarc=pass",
    ],
)
def test_nobody_else_can_vouch(results: str) -> None:
    assert verdict(letter("unsubscribe", Authentication_Results=results)).action == "offer"


def test_a_reply_confirms_and_other_words_do_not() -> None:
    to = f"confirm+{TOKEN}@example.org"
    agreed = verdict(letter("\n> Please confirm", subject="Re: Please confirm", to=to))
    refused = verdict(letter("stop", subject="Re: Please confirm", to=to))
    asked = verdict(letter("Who are you?", subject="Re: Please confirm", to=to))

    assert (agreed.kind, agreed.action, agreed.token) == ("confirm", "confirm", TOKEN)
    assert (refused.kind, refused.action) == ("person", "none")
    assert (asked.kind, asked.action) == ("person", "none")


def test_an_absence_note_does_not_confirm() -> None:
    found = verdict(letter("Away", to=f"confirm+{TOKEN}@example.org", Auto_Submitted="auto-replied"))

    assert (found.kind, found.action) == ("auto-reply", "note")


@pytest.mark.parametrize(
    "fields",
    [
        {"Return_Path": "<>"},
        {"Auto_Submitted": "auto-replied; owner-email=x"},
        {"Precedence": "Bulk"},
        {"List_Id": "<x.example.test>"},
        {"X_Autoreply": "yes"},
        {"X_Loop": "info@example.org"},
        {"sender": "Mailer <noreply@example.test>"},
        {"sender": "MAILER-DAEMON@example.test"},
        {"subject": "Automatic reply: subscribe"},
        {"subject": "自動返信：購読"},
        {"subject": "Out of Office"},
    ],
)
def test_a_machine_is_never_answered_nor_obeyed(fields: dict[str, str]) -> None:
    found = verdict(letter("subscribe", **fields))

    assert (found.kind, found.action, found.answerable) == ("auto-reply", "none", False)


def test_a_machine_that_answers_an_issue_is_filed() -> None:
    assert verdict(letter("Away", to="news@example.org", Auto_Submitted="auto-replied")).action == "note"
    assert verdict(letter("Away", to=f"bounce+{TOKEN}@example.org", Return_Path="<>")).action == "note"


def test_auto_submitted_no_is_a_person() -> None:
    assert verdict(letter("subscribe", Auto_Submitted="no")).action == "ask"


@pytest.mark.parametrize("sender", ["info@example.org", "News <NEWS@example.org>", "bounce@example.org"])
def test_our_own_mail_is_not_obeyed(sender: str) -> None:
    assert verdict(letter("subscribe", sender=sender)).action == "none"


@pytest.mark.parametrize("sender", ["", "nobody", "a@example.test, b@example.test", '"', "(" * 3000, "<a@@b>"])
def test_without_one_sender_nothing_is_asked(sender: str) -> None:
    found = verdict(letter("subscribe", sender=sender))

    assert (found.kind, found.action, found.address) == ("person", "none", "")


@pytest.mark.parametrize(
    "name", ["=?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3F=3D?=", "www.example.test", "http://example.test", "Bcc: x@example.test"]
)
def test_an_advertisement_is_no_name(name: str) -> None:
    found = verdict(letter("subscribe", sender=f'"{name}" <tan@example.test>'))

    assert (found.action, found.name) == ("ask", "")


def test_a_name_in_encoded_words_is_decoded_onto_one_line() -> None:
    encoded = base64.b64encode("田中\r\nBcc: x".encode()).decode()

    assert verdict(letter("subscribe", sender=f"=?utf-8?b?{encoded}?= <t@example.test>")).name == "田中 Bcc: x"


def test_a_challenge_is_shown_to_a_person() -> None:
    found = verdict(letter("Click", sender="x@boxbe.com", Auto_Submitted="auto-generated"))

    assert (found.kind, found.action) == ("challenge", "none")


def test_everything_else_is_a_persons() -> None:
    found = verdict(letter("May we meet on Tuesday to talk about the fair?", subject="Visit"))

    assert (found.kind, found.action, found.address) == ("person", "none", "tan@example.test")


@pytest.mark.parametrize("status", ["5.1.1", "5.1.3", "5.1.6", "5.1.10"])
def test_a_dead_address_is_held(status: str) -> None:
    found = verdict(delivery_report(status))

    assert (found.kind, found.action, found.token) == ("bounce", "hold", TOKEN)
    assert found.why == f"unknown_user {status}"
    assert [(one.address, one.hard) for one in found.recipients] == [("gone@example.test", True)]


@pytest.mark.parametrize("status", ["4.2.2", "5.2.2", "5.7.1", "5.7.515", "5.0.0", "5.2.0", "nonsense", "5.1.12"])
def test_every_other_report_is_only_noted(status: str) -> None:
    found = verdict(delivery_report(status, diagnostic="smtp; 550 not this time"))

    assert (found.kind, found.action, found.token) == ("bounce", "note", TOKEN)


def test_a_generic_status_is_read_from_what_the_refusing_server_said() -> None:
    assert (
        verdict(delivery_report("5.0.0", diagnostic="smtp; 550 5.1.1 <x@example.test> unknown")).why
        == "unknown_user 5.1.1"
    )


@pytest.mark.parametrize(
    "diagnostic",
    [
        "smtp; 550 5.7.1 rejected by policy",
        "smtp; 550 blocked using a blocklist",
        "smtp; 550 DMARC failure",
        "smtp; 550 : User unknown",
    ],
)
def test_our_own_fault_holds_nobody_whatever_the_status(diagnostic: str) -> None:
    assert verdict(delivery_report("5.1.1", diagnostic=diagnostic)).action == "note"


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_only_a_final_failure_counts(action: str) -> None:
    assert verdict(delivery_report("5.1.1", action=action)).action == "note"


def test_a_report_about_the_offices_own_mail_stays_in_the_inbox() -> None:
    found = verdict(delivery_report(to="info@example.org"))

    assert (found.kind, found.action, found.token) == ("bounce", "none", "")


@pytest.mark.parametrize(
    "returned",
    [
        f"Return-Path: <bounce+{TOKEN}@example.org>",
        f"List-Unsubscribe: <https://example.org/u/{TOKEN}>,\r\n <mailto:x@example.test>",
        f"List-Unsubscribe: <mailto:unsubscribe+{TOKEN}@example.org>",
    ],
)
def test_a_relay_that_rewrites_the_envelope_leaves_the_token_in_the_returned_message(returned: str) -> None:
    found = verdict(delivery_report(to="info@example.org", returned=returned))

    assert (found.action, found.token) == ("hold", TOKEN)


def test_abuse_is_a_complaint_and_other_feedback_is_not() -> None:
    assert (verdict(complaint()).action, verdict(complaint()).token) == ("complain", TOKEN)
    assert verdict(complaint("not-spam")).action == "note"
    assert verdict(complaint("auth-failure")).action == "note"
    assert verdict(complaint(returned="Subject: x")).action == "note"


def test_a_postmasters_letter_in_no_standard_form_is_read_by_its_words() -> None:
    for words, action in (
        ("Unknown user", "hold"),
        ("Mailbox full", "note"),
        ("Rejected as spam: unknown user", "note"),
    ):
        found = verdict(letter(words, sender="Postmaster@example.test", to=f"bounce+{TOKEN}@example.org"))

        assert (found.kind, found.action, found.token) == ("bounce", action, TOKEN)


def test_one_dead_address_among_several_holds_nobody() -> None:
    raw = delivery_report().replace(
        b"Final-Recipient: rfc822; gone@",
        b"Final-Recipient: rfc822; there@example.test\r\nAction: failed\r\nStatus: 5.2.2\r\n"
        b"Diagnostic-Code: smtp; 552 mailbox full\r\n\r\nFinal-Recipient: rfc822; gone@",
    )

    found = verdict(raw)

    assert [one.reason for one in found.recipients] == ["mailbox_full", "unknown_user"]
    assert (found.action, found.why) == ("note", "mailbox_full 5.2.2, unknown_user 5.1.1")


def test_html_alone_is_read_without_its_quotation() -> None:
    raw = letter("<style>p{}</style><p>配信停止</p><blockquote>subscribe</blockquote>").replace(
        b"text/plain", b"text/html"
    )

    assert (verdict(raw).kind, verdict(raw).language) == ("unsubscribe", "ja")
