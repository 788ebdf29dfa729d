"""Words are commands only when they are the whole subject or the whole first line a person wrote."""

import pytest

from subscribers.mailbox import commands
from subscribers.mailbox.commands import Command
from tests.subscribers.mailbox.post import OWN


@pytest.mark.parametrize(
    ("line", "action", "language"),
    [
        ("subscribe", "subscribe", "en"),
        ("SUBSCRIBE!", "subscribe", "en"),
        ("Please subscribe me", "subscribe", "en"),
        ("Sign up, please.", "subscribe", "en"),
        ("ｓｕｂｓｃｒｉｂｅ", "subscribe", "en"),
        ("[Unsubscribe]", "unsubscribe", "en"),
        ("remove me", "unsubscribe", "en"),
        ("Stop", "unsubscribe", "en"),
        ("I want to unsubscribe. Thank you", "unsubscribe", "en"),
        ("購読希望", "subscribe", "ja"),
        ("購読希望です。", "subscribe", "ja"),
        ("メルマガ登録をお願いします", "subscribe", "ja"),
        ("【登録】", "subscribe", "ja"),
        ("購読を希望します", "subscribe", "ja"),
        ("配信停止", "unsubscribe", "ja"),
        ("配信　停止　お願い致します。", "unsubscribe", "ja"),
        ("配信を停止してください", "unsubscribe", "ja"),
        ("登録を解除してください", "unsubscribe", "ja"),
        ("解除よろしくお願いいたします", "unsubscribe", "ja"),
        ("退会したいです", "unsubscribe", "ja"),
    ],
)
def test_a_command_word_is_understood_however_politely_it_is_said(line: str, action: str, language: str) -> None:
    assert commands.read(line, "") == Command(action, language)
    assert commands.read("", f"\n  {line}\nTan Wei") == Command(action, language)


@pytest.mark.parametrize(
    "line",
    [
        "How do I subscribe?",
        "I would like to stop by at your office",
        "subscribe to the printed magazine",
        "配信停止の方法を教えてください",
        "登録商標について",
        "please",
        "お願いします",
        "",
        "subscriber",
    ],
)
def test_a_sentence_that_merely_holds_a_command_word_is_none(line: str) -> None:
    assert commands.read(line, line) is None


def test_words_in_a_quotation_are_not_the_persons() -> None:
    quoted = "Thank you for the news.\n\nOn Tue, 24 Nov 2026, J.CLAIR News\n<news@example.org> wrote:\nunsubscribe\n"

    assert commands.read("Re: J.CLAIR News", "> unsubscribe\n" + quoted) is None
    assert commands.read("Re: J.CLAIR News", "On Tue, 24 Nov 2026, News wrote:\n> x\nunsubscribe") is None
    assert commands.read("Re: J.CLAIR News", "-----Original Message-----\nunsubscribe") is None
    assert commands.read("返信: お知らせ", "2026年11月24日(火) 10:00 クレア <news@example.org>:\n配信停止") is None


def test_an_answer_may_leave_but_not_subscribe() -> None:
    assert commands.read("Re: J.CLAIR News No. 12", "unsubscribe\n\n> News") == Command("unsubscribe", "en")
    assert commands.read("RE: J.CLAIR News No. 12", "subscribe\n\n> News") is None
    assert commands.read("Re: unsubscribe", "How does it work?") is None
    assert commands.read("Re：お知らせ", "配信停止") == Command("unsubscribe", "ja")


def test_contradictory_words_are_no_command() -> None:
    assert commands.read("subscribe", "unsubscribe") is None
    assert commands.read("subscribe", "購読") is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n> Please confirm",
        "Yes",
        "はい、お願いします。",
        "購読希望",
        "Sent from my iPhone\n\n> quoted",
        "iPhoneから送信\n",
        "-- \nTan Wei\nManager",
        "On Tue, 24 Nov 2026 at 10:00, News <news@example.org>\nwrote:\n\nPlease confirm",
        "OK\nOn Tue, 24 Nov 2026 at 10:00, News <news@example.org>\nwrote:\n",
    ],
)
def test_silence_and_yes_are_agreement(text: str) -> None:
    assert commands.agrees(text)


@pytest.mark.parametrize("text", ["No", "Who are you?", "I never asked for this", "いいえ", "stop", "yes, but not yet"])
def test_anything_else_is_no_agreement(text: str) -> None:
    assert not commands.agrees(text)


def test_only_our_own_addresses_carry_tags() -> None:
    text = "bounce+A@EXAMPLE.org, <unsubscribe+b@example.org>, confirm+c@example.test, SUBSCRIBE@example.org"

    assert commands.tags_of(text, OWN) == {"bounce": "A", "unsubscribe": "b", "subscribe": ""}


def test_a_subscribe_address_may_name_language_and_topics() -> None:
    assert commands.choices("ja+food.fairs") == ("ja", ("food", "fairs"))
    assert commands.choices("news") == ("", ("news",))
    assert commands.choices("") == ("", ())
