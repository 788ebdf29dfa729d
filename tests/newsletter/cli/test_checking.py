"""Warnings are ticked by number on the command line, and links are looked at when asked for."""

import json
import re
from pathlib import Path

import pytest

from newsletter import paths
from tests.newsletter.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("made")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of a sample issue whose preview lines repeat the subject: two warnings."""
    source = paths.bundled("newsletter").parent / "newsletter/sandbox/office"
    target = tmp_path / "office" / "next"
    target.mkdir(parents=True)
    for path in (source / "next").glob("*.toml"):
        words = path.read_text(encoding="utf-8")
        subject = re.compile(r'^subject = (".*")\npreheader = .*$', re.MULTILINE)
        (target / path.name).write_text(subject.sub(r"subject = \1\npreheader = \1", words), encoding="utf-8")
    (tmp_path / "office" / "pictures").symlink_to(source / "pictures")
    return target


def test_approval_waits_for_ticks_and_the_ticks_have_numbers(run: Run, folder: Path) -> None:
    run("editors", "add", "hana@example.org", "--name", "Hana", "--role", "admin")
    assert run("issue", "import", folder).code == 0

    before = json.loads(run("issue", "check", 1, "--json").out)
    stopped = run("issue", "approve", 1, "--by", "hana@example.org")
    ticked = run("issue", "tick", 1, before[0]["fingerprint"][:8], "--by", "hana@example.org")
    rest = run("issue", "tick", 1, "all", "--by", "hana@example.org")
    after = json.loads(run("issue", "check", 1, "--json").out)

    assert {(one["severity"], one["ticked"]) for one in before} == {("warning", False)}
    assert stopped.code == 3
    assert before[0]["fingerprint"][:8] in stopped.out
    assert ticked.out.startswith("1 ticked; ")
    assert "none is left" in rest.out
    assert {one["ticked"] for one in after} == {True}


def test_links_are_looked_at_first_when_asked_for(run: Run, folder: Path) -> None:
    run("issue", "import", folder)

    looked = run("issue", "check", 1, "--links")

    assert looked.code == 0
    assert "example.org" not in looked.out
