"""The language of a page is the reader's."""

import pytest

from newsletter.web import languages

OFFERED = ("en", "ja")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ja", "ja"),
        ("ja-JP,ja;q=0.9,en;q=0.8", "ja"),
        ("en-SG, ja;q=0.9", "en"),
        ("de, ja;q=0.3, en;q=0.2", "ja"),
        ("JA", "ja"),
        ("ja;q=0, en;q=0.1", "en"),
        ("ja;q=nonsense", "en"),
        ("ja;level=1", "ja"),
        ("fr", "en"),
        ("*", "en"),
        ("", "en"),
        (",;,;q=", "en"),
    ],
)
def test_the_best_liked_offered_language_wins(header: str, language: str) -> None:
    assert languages.preferred(header, OFFERED) == language
