"""Header fields keep their meaning, and nothing in them becomes a field of its own."""

import email
import email.header
import email.policy
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.message import headers
from tests.newsletter.message.parsing import display_name

TRICKS = [
    "",
    "Tan Wei",
    "山田 太郎",
    "Zoë Müller",
    'O\'Brien, "Pat" <pat>',
    "back\\slash",
    "line\r\nBcc: victim@example.org",
    "line\nBcc: victim@example.org\n\nbody",
    "nul\0byte",
    "separator\u2028Bcc: victim@example.org",
    "next\u0085line",
    "=?utf-8?q?a=0d=0aBcc:=20victim=40example.org?=",
    "=?utf-8?b?DQpCY2M6IHg=?=",
    "اسم عربي",
    "\u202eevil",
    "👩‍👩‍👧‍👦" * 20,
    "長い名前" * 50,
    "a" * 200,
    "word " * 40,
    ".",
    "..",
    "a@b.example",
    "comma, name",
]
awkward = st.sampled_from(TRICKS) | st.text(max_size=200) | st.text(alphabet='\r\n\0 =?.<>"\\,;:@a本', max_size=60)


def _parse(raw: bytes) -> email.message.Message:
    return email.message_from_bytes(raw + b"\r\n", policy=email.policy.compat32)


@given(awkward)
@example("x" * 69)
@example("x " * 150)
def test_a_subject_is_read_back_as_it_was_and_is_one_field(value: str) -> None:
    raw = headers.text("Subject", value)

    assert all(len(line) <= 76 for line in raw.split(b"\r\n"))
    parsed = _parse(raw)
    assert parsed.keys() == ["Subject"]
    unfolded = "".join(parsed["Subject"].splitlines())
    read = str(email.header.make_header(email.header.decode_header(unfolded)))
    assert read == headers.one_line(value).encode("utf-8", "replace").decode()


@given(awkward)
def test_a_display_name_is_read_back_as_it_was_and_is_one_field(name: str) -> None:
    raw = headers.mailbox("To", name, "reader@example.org")

    assert all(len(line) <= 76 for line in raw.split(b"\r\n"))
    assert _parse(raw).keys() == ["To"]
    parsed = email.message_from_bytes(raw + b"\r\n", policy=email.policy.default)
    assert [address.addr_spec for address in parsed["To"].addresses] == ["reader@example.org"]
    if headers.one_line(name):
        assert display_name(raw + b"\r\n") == headers.one_line(name).encode("utf-8", "replace").decode()


@given(awkward)
def test_a_folded_field_holds_no_line_of_white_space(name: str) -> None:
    raw = headers.text("Subject", f"x{name}")

    assert all(line.strip() for line in raw.removesuffix(b"\r\n").split(b"\r\n"))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        "x@",
        "@example.org",
        "x@y>\r\nRCPT TO:<victim@example.org",
        "x@example.org\r\nBcc: victim@example.org",
        "two words@example.org",
        "x@example.org>",
        "<x@example.org",
        "x@exam ple.org",
        "x\0@example.org",
        "x@example.org,victim@example.org",
        '"a b"@example.org',
        '"a\\"b"@example.org',
        "a..b@example.org",
        "x@example.org\u2028",
        "x\u0085@example.org",
        "x" * 250 + "@example.org",
        "x@[127.0.0.1]",
    ],
)
def test_an_address_that_could_change_a_header_or_an_envelope_is_refused(address: str) -> None:
    assert not headers.is_mailable(address)
    with pytest.raises(ValueError, match="To"):
        headers.mailbox("To", "Reader", address)


@pytest.mark.parametrize(
    "address",
    ["tan@example.org", "o'brien+news@sub.example.org", '"a..b"@docomo.test', "-oQ/tmp@example.org", "山@example.org"],
)
def test_ordinary_and_old_carrier_addresses_are_taken(address: str) -> None:
    assert headers.is_mailable(address)
    assert headers.mailbox("To", "", address) == f"To: {address}\r\n".encode()


@pytest.mark.parametrize("value", ["a\r\nBcc: x", "a\nb", "é", "x" * 990, "\0"])
def test_an_exact_field_takes_printable_ascii_on_one_line_only(value: str) -> None:
    with pytest.raises(ValueError, match="List-Unsubscribe"):
        headers.exact("List-Unsubscribe", value)


def test_a_long_exact_field_is_neither_folded_nor_encoded() -> None:
    value = "<https://news.example.org/u/" + "a" * 200 + ">, <mailto:unsubscribe+" + "a" * 40 + "@example.org>"

    assert headers.exact("List-Unsubscribe", value) == f"List-Unsubscribe: {value}\r\n".encode()


def test_a_field_name_cannot_smuggle_a_field() -> None:
    with pytest.raises(ValueError, match="not a header field"):
        headers.exact("X: y\r\nBcc", "victim@example.org")


def test_a_date_is_told_in_utc() -> None:
    singapore = datetime(2026, 11, 24, 10, 0, 0, 5, tzinfo=timezone(timedelta(hours=8)))

    assert headers.date(singapore) == headers.date(datetime(2026, 11, 24, 2, 0, tzinfo=UTC))
    assert headers.date(singapore) == b"Date: Tue, 24 Nov 2026 02:00:00 +0000\r\n"
