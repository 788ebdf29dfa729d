"""Issues begun, copied and compared from the command line."""

import json
from pathlib import Path

import pytest

from tests.newsletter.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("made")

ISSUE = '[en]\nsubject = "News"\n[ja]\nsubject = "おたより"\n'
STORY = 'kind = "notice"\n[en]\ntitle = "A notice"\n[ja]\ntitle = "お知らせ"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "issue"
    place.mkdir()
    (place / "issue.toml").write_text(ISSUE, encoding="utf-8")
    (place / "01-notice.toml").write_text(STORY, encoding="utf-8")
    return place


def test_an_issue_begins_from_an_outline_with_the_stories_of_the_pool(run: Run, folder: Path) -> None:
    run("issue", "import", folder)

    assert "Issue 2 is a draft now, with 1 story." in run("issue", "new").out
    assert "Issue 3 is a draft now, with 0 stories." in run("issue", "new", "--outline", "blank").out
    wrong = run("issue", "new", "--outline", "montly")
    assert (wrong.code, "Known: monthly, fairs, notice, blank" in wrong.err) == (1, True)


def test_an_issue_is_copied_and_its_states_are_listed_and_compared(run: Run, folder: Path) -> None:
    run("issue", "import", folder)
    (folder / "issue.toml").write_text(ISSUE.replace("News", "Other news"), encoding="utf-8")
    (folder / "01-notice.toml").write_text(STORY.replace("A notice", "A new notice"), encoding="utf-8")
    run("issue", "import", folder, "--into", 1)

    copied = run("issue", "copy", 1).out
    states = json.loads(run("issue", "history", 1, "--json").out)
    told = run("issue", "diff", 1).out
    changes = json.loads(run("issue", "diff", 1, 1, 2, "--json").out)

    assert "Issue 2 is a draft now, with 1 story." in copied
    assert [one["revision"] for one in states] == [2, 1]
    assert "  Subject (en)\n    - News\n    + Other news" in told
    assert "A new notice: changed" in told
    assert changes[0]["changes"][0] == {
        "field": "texts.en.subject",
        "place": "Subject",
        "before": "News",
        "after": "Other news",
    }
    assert "No difference." in run("issue", "diff", 2).out


@pytest.mark.parametrize(
    "words", [("copy", 9), ("history", 9), ("diff", 9), ("diff", 1, 1, 9), ("diff", 1, 0, 1), ("new", "--outline", "")]
)
def test_what_there_is_not_is_one_sentence(run: Run, folder: Path, words: tuple[object, ...]) -> None:
    run("issue", "import", folder)

    ran = run("issue", *words)

    assert ran.code in (1, 2)
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(("later", "sentence"), [("en", "is not a time"), ("fr=2099-12-03 10:00", "approved first")])
def test_a_later_time_is_read_and_refused_in_a_sentence(run: Run, folder: Path, later: str, sentence: str) -> None:
    run("issue", "import", folder)

    assert sentence in run("issue", "schedule", 1, "2099-12-01 10:00", "--later", later).err
