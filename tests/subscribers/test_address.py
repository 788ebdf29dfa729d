"""Addresses come out bare, normalised and safe to mail to, or are refused with a reason."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from subscribers import address
from subscribers.errors import AddressError

LOCAL = st.text(string.ascii_letters + string.digits + "!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=40).filter(
    lambda text: not text.startswith("-")
)
LABEL = st.text(string.ascii_letters + string.digits, min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("written", "email", "key"),
    [
        ("taro@example.org", "taro@example.org", "taro@example.org"),
        ("  Taro.Yamada@EXAMPLE.Org\n", "Taro.Yamada@example.org", "taro.yamada@example.org"),
        ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｏｒｇ", "taro@example.org", "taro@example.org"),
        ("\u3000taro@example.org\u3000", "taro@example.org", "taro@example.org"),
        ("taro@日本.test", "taro@xn--wgv71a.test", "taro@xn--wgv71a.test"),
        ("x@MÜNCHEN.test", "x@xn--mnchen-3ya.test", "x@xn--mnchen-3ya.test"),
        ("o'hara+news@example.org", "o'hara+news@example.org", "o'hara+news@example.org"),
        ("a..b@docomo.ne.jp", '"a..b"@docomo.ne.jp', '"a..b"@docomo.ne.jp'),
        ('"a..b"@docomo.ne.jp', '"a..b"@docomo.ne.jp', '"a..b"@docomo.ne.jp'),
        ("Ab.@EZweb.ne.jp", '"Ab."@ezweb.ne.jp', '"ab."@ezweb.ne.jp'),
        ("taro@docomo.ne.jp", "taro@docomo.ne.jp", "taro@docomo.ne.jp"),
        ('"taro"@docomo.ne.jp', "taro@docomo.ne.jp", "taro@docomo.ne.jp"),
    ],
)
def test_an_address_is_normalised(written: str, email: str, key: str) -> None:
    assert address.parse(written) == address.Address(email, key)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "empty"),
        (" \u3000\t", "empty"),
        ("taro", "incomplete"),
        ("@example.org", "incomplete"),
        ("taro@", "incomplete"),
        ("taro@localhost", "incomplete"),
        ("taro@test", "incomplete"),
        ("taro yamada@example.org", "characters"),
        ("a@b@example.org", "characters"),
        ("a..b@example.org", "characters"),
        (".a@docomo.ne.jp", "characters"),
        ('"a b"@docomo.ne.jp', "characters"),
        ('"taro"@example.org', "characters"),
        ("Taro <taro@example.org>", "characters"),
        ("-oQ/tmp@example.org", "characters"),
        ("taro\x00@example.org", "characters"),
        ("taro@example.org\r\nBcc: x@example.net", "characters"),
        ("x@y>\r\nRCPT TO:<z@example.org", "characters"),
        ("太郎@example.org", "international"),
        ("taro@[127.0.0.1]", "domain"),
        ("taro@127.0.0.1", "domain"),
        ("taro@-example.org", "domain"),
        ("taro@exam_ple.org", "domain"),
        ("taro@example..org", "domain"),
        ("taro@example.org.", "domain"),
        ("taro@printer.local", "domain"),
        ("a" * 65 + "@example.org", "too-long"),
        ("a@" + "b" * 60 + ("." + "c" * 60) * 4 + ".org", "too-long"),
        ("a@" + "日" * 60 + ".example.org", "domain"),
        ("a" * 60 + "@" + "日本." * 22 + "org", "too-long"),
    ],
)
def test_what_is_no_address_is_refused_with_a_reason(written: str, reason: str) -> None:
    with pytest.raises(AddressError) as caught:
        address.parse(written)

    assert caught.value.reason == reason
    assert reason in address.REASONS


@given(LOCAL, LABEL, LABEL)
def test_parsing_what_was_parsed_changes_nothing(local: str, label: str, other: str) -> None:
    try:
        first = address.parse(f"{local}@{label}.{other}.org")
    except AddressError:
        return

    assert address.parse(first.email) == first
    assert address.parse(first.email.upper()).key == first.key


@given(LOCAL.filter(lambda text: "." not in text))
def test_every_ordinary_local_part_is_accepted_as_it_is(local: str) -> None:
    assert address.parse(f"{local}@example.org").email == f"{local}@example.org"


@given(st.text() | st.text(alphabet=string.printable + "＠．é\u2028\x85"))
@example('"a.."@au.com')
@example("a@xn--.org")
@example("a@\ud800.org")
def test_anything_ends_as_one_harmless_line_or_a_reason(text: str) -> None:
    outcome = parsed_or_reason(text)

    if isinstance(outcome, str):
        assert outcome in address.REASONS
        return
    assert outcome.email.isascii()
    assert outcome.email.isprintable()
    assert not set(outcome.email) & set(" <>,;:\\()[]\r\n")
    assert outcome.email.count("@") == 1
    assert not outcome.email.startswith("-")
    assert len(outcome.email) <= address.MAX_LENGTH


def parsed_or_reason(text: str) -> address.Address | str:
    try:
        return address.parse(text)
    except AddressError as error:
        return error.reason


@pytest.mark.parametrize(
    ("email", "masked"),
    [
        ("taro@example.org", "t•••@example.org"),
        ("t@example.org", "t•••@example.org"),
        ('"a..b"@docomo.ne.jp', "a•••@docomo.ne.jp"),
    ],
)
def test_a_masked_address_shows_one_letter_and_the_domain(email: str, masked: str) -> None:
    assert address.mask(email) == masked
