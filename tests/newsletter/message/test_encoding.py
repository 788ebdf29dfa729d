"""Encoded bodies say after decoding exactly what was put in, whatever the lengths of their holes."""

import base64
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.message import encoding
from newsletter.message.encoding import Base64Body, Piece, QuotedBody
from tests.newsletter.message.test_headers import awkward

static = st.text(max_size=300) | st.sampled_from(
    [
        ".",
        "\n.\n",
        ".\n..\n",
        "From me\nFrom",
        "end space \n",
        "\t\n",
        "x" * 76,
        "x" * 77,
        "=" * 40,
        "日本語" * 60,
        "\n\n",
    ]
)
shapes = st.lists(st.tuples(static, st.sampled_from(["name", "url"])), max_size=6)


def _text(shape: list[tuple[str, str]], values: dict[str, str]) -> str:
    return "".join(f"{words}{values[field]}" for words, field in shape)


@pytest.mark.parametrize("kind", [QuotedBody, Base64Body])
@given(shape=shapes, name=awkward, url=st.sampled_from(["https://example.org/u/abc", "u" * 75, "u" * 76, "", "."]))
def test_a_filled_body_decodes_to_the_text_with_its_fields(
    kind: type[QuotedBody] | type[Base64Body], shape: list[tuple[str, str]], name: str, url: str
) -> None:
    name = " ".join(name.encode("utf-8", "replace").decode().split())
    pieces = encoding.cut(_text(shape, {"name": "zqnameqz", "url": "zqurlqz"}), {"name": "zqnameqz", "url": "zqurlqz"})

    raw = b"".join(kind(pieces).fill({"name": name.encode(), "url": url.encode()}))

    expected = b"".join({"name": name, "url": url}[p].encode() if isinstance(p, str) else p for p in pieces)
    decoded = quopri.decodestring(raw) if kind is QuotedBody else base64.b64decode(raw)
    assert decoded.replace(b"\r\n", b"\n") == expected
    assert all(len(line) <= 76 and not line.startswith((b".", b"From ")) for line in raw.split(b"\r\n"))
    assert raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r")


@given(st.binary(max_size=400))
def test_every_phase_of_a_static_piece_is_the_same_text(name: bytes) -> None:
    pieces: list[Piece] = [b"a" * 61, "name", b"b" * 62, "name", b"c" * 3, "name", b"d" * 100]

    raw = b"".join(Base64Body(pieces).fill({"name": name}))

    assert base64.b64decode(raw) == b"a" * 61 + name + b"b" * 62 + name + b"ccc" + name + b"d" * 100


def test_japanese_travels_as_base64_and_english_as_quoted_printable() -> None:
    assert encoding.body(["日本の食と旅行フェアのお知らせ\n".encode()]).name == "base64"
    assert encoding.body(["Dear Zoë, the fair in Singapore opens on Friday.\n".encode()]).name == "quoted-printable"


def test_lone_carriage_returns_are_line_ends() -> None:
    assert encoding.cut("a\rb\r\nc", {}) == [b"a\nb\nc\n"]
