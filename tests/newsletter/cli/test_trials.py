"""`newsletter issue test`: to colleagues, from the command line."""

import shutil
from pathlib import Path

import pytest

from newsletter.sandbox.demo import cast
from tests.newsletter.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("made")

BY = ("--by", "hana@example.org")


@pytest.fixture
def issue(run: Run, tmp_path: Path) -> int:
    """Return the number of a draft in an office with one editor."""
    shutil.copytree(cast.SAMPLES, tmp_path / "office")
    run("editors", "add", "hana@example.org", "--name", "Hana Mori")
    run("issue", "import", tmp_path / "office" / "next")
    return 1


def test_a_test_is_queued_for_each_colleague(run: Run, issue: int) -> None:
    ran = run("issue", "test", issue, "hana@example.org", "ken@example.org", "--language", "ja", *BY)

    assert (ran.code, ran.out) == (0, "2 test mails of issue 1 on the way.\n")


WRONG = {
    "A test cannot go to x@elsewhere.test.": ("x@elsewhere.test", *BY),
    "Issue 1 has no words in fr.": ("hana@example.org", "--language", "fr", *BY),
    "There is no reader with the address": ("hana@example.org", "--reader", "no@elsewhere.test", *BY),
    "There is no editor with that address.": ("hana@example.org", "--by", "no@elsewhere.test"),
}


def test_what_cannot_be_sent_is_one_sentence(run: Run, issue: int) -> None:
    for sentence, words in WRONG.items():
        ran = run("issue", "test", issue, *words)

        assert ran.code == 1
        assert sentence in ran.err
        assert "Traceback" not in ran.err


def test_a_readers_own_copy_is_written_as_a_mail_program_opens_it(run: Run, issue: int, tmp_path: Path) -> None:
    file = tmp_path / "readers.csv"
    file.write_text("email,language\ntan@example.test,ja\n", encoding="utf-8")
    imported = run("subscribers", "import", file, "--basis", "Asked for it at the fair, 2026.")
    assert imported.code == 0, imported.err

    ran = run("issue", "preview", issue, tmp_path / "seen", "--reader", "Tan@example.test")

    assert ran.code == 0, ran.err
    assert [Path(line).name for line in ran.out.split()] == ["reader.html", "reader.txt", "reader.eml"]
    assert b"tan@example.test" in (tmp_path / "seen" / "reader.eml").read_bytes()
    assert "no reader" in run("issue", "preview", issue, tmp_path / "seen", "--reader", "x@example.test").err


def test_an_absence_is_kept_and_ended(run: Run) -> None:
    run("editors", "add", "hana@example.org", "--name", "Hana Mori")

    ran = run("editors", "away", "hana@example.org", "--from", "2026-12-24", "--until", "2027-01-05")

    assert ran.out == "Hana Mori is away from 2026-12-24 until 2027-01-05.\n"
    assert "2026-12-24 to 2027-01-05" in run("editors", "list").out
    assert "write it like" in run("editors", "away", "hana@example.org", "--from", "tomorrow").err
    assert run("editors", "away", "hana@example.org", "--back").out == "Hana Mori is here.\n"
