"""The pool on the command line."""

import json
from pathlib import Path

import pytest

from tests.newsletter.cli.conftest import Run
from tests.newsletter.cli.test_drafting import ISSUE

pytestmark = pytest.mark.usefixtures("made")

FAIR = 'kind = "fair"\nstarts = 2026-12-17\n[en]\ntitle = "FIT"\n[ja]\ntitle = "FITフェア"\n'


@pytest.fixture
def pool(run: Run, tmp_path: Path) -> Run:
    """Return what runs commands on a pool with one fair."""
    folder = tmp_path / "issue"
    folder.mkdir()
    (folder / "issue.toml").write_text(ISSUE, encoding="utf-8")
    (folder / "01-fair.toml").write_text(FAIR, encoding="utf-8")
    run("issue", "import", folder)
    return run


def test_stories_are_listed_with_how_far_each_language_is(pool: Run) -> None:
    (row,) = json.loads(pool("story", "list", "--json").out)

    assert row == {
        "number": 1,
        "kind": "fair",
        "state": "accepted",
        "languages": {"en": "ready", "ja": "ready"},
        "title": "FIT",
    }
    assert "en ready, ja ready" in pool("story", "list").out


def test_a_story_is_put_aside_and_brought_back(pool: Run) -> None:
    declined, again, reopened = pool("story", "decline", 1), pool("story", "accept", 1), pool("story", "reopen", 1)

    assert [one.code for one in (declined, again, reopened)] == [0, 1, 0]
    assert "The story is declined by now" in again.err


def test_next_year_is_made_and_waits_to_be_looked_at(pool: Run) -> None:
    made = pool("story", "next-year", 1)

    assert made.out == "Story 2 is next year's fair.\n"
    newest = json.loads(pool("story", "list", "--json").out)[0]
    assert newest["languages"] == {"en": "out_of_date", "ja": "out_of_date"}


def test_a_proof_is_one_address(pool: Run) -> None:
    assert "/en/proof/" in pool("story", "proof", 1).out


@pytest.mark.parametrize("words", [("accept", 9), ("proof", 9), ("list", "--shelf", "attic"), ("next-year", 9)])
def test_what_there_is_not_is_one_sentence(pool: Run, words: tuple[object, ...]) -> None:
    refused = pool("story", *words)

    assert (refused.code, refused.err.startswith("There is no ")) == (1, True)
