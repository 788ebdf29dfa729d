"""How a reader is called, and where their own words go."""

import pytest

from newsletter.message import fields


@pytest.mark.parametrize(
    ("name", "language", "called"),
    [
        ("山田 花子", "ja", "山田 花子 様"),
        ("Pat O'Brien", "ja", "Pat O'Brien 様"),
        ("山田商店 御中", "ja", "山田商店 御中"),
        ("佐藤様", "ja", "佐藤様"),
        ("山田 花子", "en", "山田 花子"),
        ("", "ja", ""),
        ("  ", "ja", "  "),
    ],
)
def test_a_japanese_mail_is_polite_and_names_nobody_it_does_not_know(name: str, language: str, called: str) -> None:
    assert fields.called(name, language) == called


def test_placeholders_are_never_the_same_twice() -> None:
    one, other = fields.placeholders(), fields.placeholders()

    assert set(one) == set(other) == set(fields.NAMES)
    assert not set(one.values()) & set(other.values())
