"""A form filled for one reader is byte for byte the body filled with all that reader's fields."""

import base64
import quopri

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.message import encoding, forms
from newsletter.message.encoding import Base64Body, QuotedBody
from tests.newsletter.message.test_headers import awkward

STAND_IN = b"z" * 26
tokens = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=26, max_size=26).map(str.encode)
around = st.text("ab:/.=&é ", max_size=80).map(str.encode)


@pytest.mark.parametrize("kind", [QuotedBody, Base64Body])
@given(page=st.tuples(around, around), words=st.text(max_size=90), name=awkward, token=tokens)
@example(page=(b"From ", b""), words=".", name=".", token=b"a" * 26)
@example(page=(b"x" * 60, b""), words="", name="From me", token=b"b" * 26)  # a line ends within the token
@example(page=(b"", b"."), words="", name="", token=b"c" * 26)
def test_a_form_says_what_its_body_would(
    kind: type[QuotedBody] | type[Base64Body], page: tuple[bytes, bytes], words: str, name: str, token: bytes
) -> None:
    before, after = page
    text = f"{words}zqnameqz{words}zqurlqzzqurlqz{words}zqnameqzzqplainqz"
    pieces = encoding.cut(text, {"name": "zqnameqz", "url": "zqurlqz", "plain": "zqplainqz"})
    called = " ".join(name.encode("utf-8", "replace").decode().split()).encode()
    body = kind(pieces)

    filled = forms.form(body, {"url": before + STAND_IN + after, "plain": after}, STAND_IN).fill(called, token)

    values = {"name": called, "url": before + token + after, "plain": after}
    assert b"".join(filled) == b"".join(body.fill(values))
    decoded = quopri.decodestring(b"".join(filled)) if kind is QuotedBody else base64.b64decode(b"".join(filled))
    expected = b"".join(values[piece] if isinstance(piece, str) else piece for piece in pieces)
    assert decoded.replace(b"\r\n", b"\n") == expected


def test_readers_share_what_is_static() -> None:
    body = QuotedBody([b"Dear ", "name", b"\n" + b"news " * 1000, "url", b"\n"])
    form = forms.form(body, {"url": b"https://example.org/u/" + STAND_IN}, STAND_IN)

    one, two = form.fill(b"Aya", b"a" * 26), form.fill(b"Ben", b"b" * 26)

    shared = [ours for ours, theirs in zip(one, two, strict=True) if ours is theirs]
    assert len(b"".join(shared)) > 5000
