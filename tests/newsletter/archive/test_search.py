"""What was published is found by any part of a word, on both databases, and a question is never a program."""

import pytest

from newsletter import archive, database
from newsletter.archive import search, terms
from newsletter.archive.search import Found
from tests.newsletter.archive import published, sample
from tests.newsletter.archive.conftest import OUT, Shelf

FIT = "FITフェア（バンコク）"


def _find(shelf: Shelf, question: str, language: str = "ja") -> Found:
    with database.reading(shelf.engine) as session:
        return search.find(session, shelf.publication_id, language, question)


def _titles(found: Found) -> list[str]:
    return [hit.title.striptags() for hit in found.hits]


def test_a_question_finds_stories_by_any_part_of_a_japanese_word(shelf: Shelf) -> None:
    for question in ("旅行", "ＦＩＴ", "fit", "静岡", "バンコク フェア", "旅行シーズン", "ﾊﾞﾝｺｸ", "静"):
        assert FIT in _titles(_find(shelf, question)), question
    for question in ("旅行 販路", "行旅", "観光", "岡静"):
        assert FIT not in _titles(_find(shelf, question)), question


def test_english_is_found_by_the_beginning_of_a_word_and_without_accents(shelf: Shelf) -> None:
    assert _titles(_find(shelf, "prefect bangk", "en")) == ["FIT Fair in Bangkok"]
    assert _titles(_find(shelf, "ÉLEVEN", "en")) == ["FIT Fair in Bangkok"]
    assert _find(shelf, "angkok", "en").hits == ()


def test_a_corrected_story_is_found_by_its_new_words_only(shelf: Shelf) -> None:
    text = sample.FAIR.texts["en"].model_copy(update={"title": "FIT Fair, moved to Chiang Mai"})
    corrected = sample.FAIR.model_copy(update={"texts": {**sample.FAIR.texts, "en": text}})

    with database.writing(shelf.engine) as session:
        issue = shelf.issue(session)
        published.revise(session, issue, 1, corrected, OUT)
        archive.publish(session, shelf.settings, issue, "en", now=OUT)

    assert _titles(_find(shelf, "chiang", "en")) == ["FIT Fair, moved to Chiang Mai"]
    assert len(_find(shelf, "eleven prefectures", "en").hits) == 1


def test_a_draft_is_not_found(shelf: Shelf) -> None:
    text = sample.FAIR.texts["en"].model_copy(update={"title": "Unreleased plans"})
    draft = sample.FAIR.model_copy(update={"texts": {**sample.FAIR.texts, "en": text}})

    with database.writing(shelf.engine) as session:
        published.revise(session, shelf.issue(session), 1, draft, OUT)

    assert _find(shelf, "unreleased", "en").hits == ()


HOSTILE = (
    *(
        '"',
        "'",
        "a' | 'b",
        "NOT",
        "AND OR NEAR(",
        "words:fit*",
        "\x00",
        "%",
        "\u202e",
        "🎌",
        "😀fit",
        "' <-> '",
        "(" * 90,
    ),
    *("{{ 7*7 }}", "x" * 5_000, "観" * 5_000, "a b c d e f g h i j k l m n", "' | '", "a:*b", "\\", "!fit", "観'光"),
)


def test_a_question_is_never_a_program(shelf: Shelf) -> None:
    for question in HOSTILE:
        for language in ("en", "ja"):
            assert len(_find(shelf, question, language).question) <= search.LONGEST_QUESTION


def test_what_is_found_is_marked_and_still_escaped() -> None:
    shown = search.excerpt("Title\nA <b>fair</b> & a Fair", "fair")

    assert shown == "A &lt;b&gt;<mark>fair</mark>&lt;/b&gt; &amp; a <mark>Fair</mark>"


def test_a_long_text_is_shown_around_what_was_found() -> None:
    shown = search.excerpt("題\n" + "あ" * 500 + "観光" + "い" * 500, "観光")

    assert "<mark>観光</mark>" in shown
    assert shown.startswith("… ")
    assert len(shown) < 250


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("観光庁", ["観光", "光庁", "庁"]),
        ("FITフェア2026", ["fit", "フェ", "ェア", "ア", "2026"]),
        ("Café d’Été", ["cafe", "d", "ete"]),
        ("ﾊﾞﾝｺｸ", ["バン", "ンコ", "コク", "ク"]),
        ("snake_case", ["snake", "case"]),
        ("", []),
    ],
)
def test_text_is_cut_into_words_and_pairs(text: str, words: list[str]) -> None:
    assert terms.cut(text, "ja") == [f"ja{word}" for word in words]
