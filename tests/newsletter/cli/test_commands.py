"""The command line: what people type, what they are told, and how it ends."""

import json
import shutil
from pathlib import Path

import pytest

from newsletter.sandbox.demo import cast
from tests.newsletter.cli.conftest import Run

SAMPLE = cast.SAMPLES / "next"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(cast.SAMPLES, tmp_path / "office")
    return tmp_path / "office" / "next"


def test_wrong_usage_is_exit_code_two(run: Run) -> None:
    assert run("issue", "schedule").code == 2


def test_a_wrong_setting_is_one_sentence(run: Run, config_file: Path) -> None:
    config_file.write_text(config_file.read_text(encoding="utf-8").replace("[relay]", "[rely]"), encoding="utf-8")

    ran = run("issue", "list")

    assert ran.code == 1
    assert "no setting rely. Did you mean relay?" in ran.err
    assert "Traceback" not in ran.err


def test_an_empty_office_has_nothing_to_list(run: Run) -> None:
    assert run("issue", "list").out == "Nothing here yet.\n"
    assert json.loads(run("issue", "list", "--json").out) == []


def test_an_unknown_issue_is_one_sentence_with_the_way_out(run: Run) -> None:
    ran = run("issue", "report", 7)

    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "There is no issue 7. Known: newsletter issue list\n"


def test_an_issue_goes_from_a_folder_to_a_preview(run: Run, folder: Path, tmp_path: Path) -> None:
    assert "Issue 1 is a draft now" in run("issue", "import", folder).out
    assert json.loads(run("issue", "list", "--json").out)[0]["state"] == "draft"

    ran = run("issue", "preview", 1, tmp_path / "preview")

    assert ran.code == 0
    assert sorted(path.name for path in (tmp_path / "preview").iterdir()) == sorted(
        f"{kind}.{language}.{ending}"
        for language in ("en", "ja")
        for kind, ending in (("mail", "html"), ("mail", "txt"), ("page", "html"), ("post", "txt"))
    )


def test_a_folder_can_be_imported_into_its_issue_again(run: Run, folder: Path) -> None:
    run("issue", "import", folder)
    story = folder / "04-sister-cities.toml"
    story.write_text(story.read_text(encoding="utf-8").replace("Sister", "Friendship"), encoding="utf-8")

    assert run("issue", "import", folder, "--into", 1).code == 0

    assert [one["number"] for one in json.loads(run("issue", "list", "--json").out)] == [1]


def test_a_mistake_in_the_folder_names_the_file_and_keeps_nothing(run: Run, folder: Path) -> None:
    story = folder / "01-travel-tour-expo.toml"
    story.write_text(story.read_text(encoding="utf-8").replace("topic =", "topick ="), encoding="utf-8")

    ran = run("issue", "import", folder)

    assert ran.code == 1
    assert "01-travel-tour-expo.toml" in ran.err
    assert run("issue", "list").out == "Nothing here yet.\n"


def test_checks_that_find_an_error_are_exit_code_three_and_stop_the_approval(run: Run, folder: Path) -> None:
    run("editors", "add", "hana@example.org", "--name", "Hana Mori", "--role", "admin")
    story = folder / "01-travel-tour-expo.toml"
    story.write_text(story.read_text(encoding="utf-8").replace("（金）", "（土）"), encoding="utf-8")
    run("issue", "import", folder)

    assert run("issue", "check", 1).code == 3
    ran = run("issue", "approve", 1, "--by", "hana@example.org")

    assert ran.code == 3
    assert "error" in ran.out
    assert json.loads(run("issue", "list", "--json").out)[0]["state"] == "draft"


def test_a_draft_cannot_be_scheduled_and_the_past_is_refused(run: Run, folder: Path) -> None:
    run("issue", "import", folder)

    assert "approved first" in run("issue", "schedule", 1, "2099-12-01 10:00").err
    assert "has passed" in run("issue", "schedule", 1, "2020-12-01 10:00").err
    assert "is not a time" in run("issue", "schedule", 1, "tomorrow").err


def test_readers_come_in_by_csv_with_consent_only(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "readers.csv"
    file.write_text("email,consent\na@example.org,form of 3 May 2026\nb@example.org,\n", encoding="utf-8")

    ran = run("subscribers", "import", file, "--reject", tmp_path / "rejected.csv")

    assert ran.code == 3
    assert "Added: 1" in ran.out
    assert "No evidence of consent" in (tmp_path / "rejected.csv").read_text(encoding="utf-8-sig")


def test_a_dry_run_changes_nothing(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "readers.csv"
    file.write_text("email\na@example.org\n", encoding="utf-8")

    told = json.loads(run("subscribers", "import", file, "--basis", "paper forms", "--dry-run", "--json").out)

    assert told == {"added": 1, "changed": 0, "unchanged": 0, "refused": {}, "dry_run": True}
    assert run("subscribers", "show", "a@example.org").code == 1


def test_a_person_is_shown_exported_and_erased(run: Run, tmp_path: Path) -> None:
    file, out = tmp_path / "readers.csv", tmp_path / "out.csv"
    file.write_text("email,name\na@example.org,山田 花子\n", encoding="utf-8")
    run("subscribers", "import", file, "--basis", "paper forms of the spring fair")

    shown = json.loads(run("subscribers", "show", "A@example.org", "--json").out)
    exported = run("subscribers", "export", out)
    erased = run("subscribers", "erase", "a@example.org", "--yes")

    assert (shown["name"], shown["state"], shown["ledger"][0]["event"]) == ("山田 花子", "active", "imported")
    assert exported.out.startswith("1 subscribers written")
    assert "a@example.org" in out.read_text(encoding="utf-8-sig")
    assert erased.code == 0
    assert run("subscribers", "show", "a@example.org").err == "Nobody with the address a@example.org is known.\n"
    assert run("subscribers", "import", file, "--basis", "the same old file").code == 3


def test_what_is_no_address_is_one_sentence(run: Run) -> None:
    ran = run("subscribers", "show", "nobody")

    assert ran.code == 1
    assert ran.err.count("\n") == 1


def test_a_new_password_is_printed_once_and_the_old_one_is_gone(run: Run) -> None:
    first = run("editors", "add", "hana@example.org", "--name", "Hana Mori").out
    second = run("editors", "password", "hana@example.org").out

    assert "Password:" in first
    assert "Password:" in second
    assert first.splitlines()[-1] != second.splitlines()[-1]
    assert "hana@example.org" in run("editors", "list").out


def test_a_tick_on_an_empty_office_does_nothing_and_says_so(run: Run) -> None:
    assert set(json.loads(run("tick", "--json").out).values()) == {0}


def test_the_doctor_names_what_is_bad(run: Run, config_file: Path) -> None:
    text = config_file.read_text(encoding="utf-8").replace("port = 2525", "port = 1")
    config_file.write_text(text, encoding="utf-8")

    found = {one["thing"]: one["state"] for one in json.loads(run("doctor", "--json").out)}

    assert found == {
        "settings": "good",
        "data folder": "good",
        "database": "good",
        "relay": "bad",
        "DKIM": "off",
        "journal": "good",
        "mailbox": "off",
        "Facebook page": "off",
    }


def test_the_sender_drains_an_empty_office_and_ends(run: Run) -> None:
    assert run("work", "--drain").code == 0


@pytest.mark.parametrize("words", [("issue", "preview", 1), ("subscribers", "export")])
def test_a_place_that_cannot_be_written_is_one_sentence(
    run: Run, folder: Path, tmp_path: Path, words: tuple[object, ...]
) -> None:
    run("issue", "import", folder)
    (tmp_path / "file").touch()

    ran = run(*words, tmp_path / "file" / "inside")

    assert ran.code == 1
    assert ran.err == f"{tmp_path / 'file' / 'inside'}: Not a directory. Nothing more was done.\n"


def test_a_server_whose_data_folder_cannot_be_made_is_one_sentence(run: Run, config_file: Path) -> None:
    text = config_file.read_text(encoding="utf-8").replace('data_folder = "data"', 'data_folder = "config.toml/data"')
    config_file.write_text(text, encoding="utf-8")

    ran = run("serve")

    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert "Not a directory" in ran.err


def test_rows_are_only_imported_where_those_not_taken_can_be_written(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "readers.csv"
    file.write_text("email\na@example.org\nnobody\n", encoding="utf-8")

    ran = run("subscribers", "import", file, "--basis", "paper forms", "--reject", tmp_path / "none" / "rejects.csv")

    assert ran.code == 1
    assert ran.err.endswith("Nothing was imported.\n")
    assert run("subscribers", "show", "a@example.org").code == 1


@pytest.mark.parametrize("number", [0, 10**30])
def test_what_cannot_be_the_number_of_an_issue_is_wrong_usage(run: Run, number: int) -> None:
    assert run("issue", "report", number).code == 2


def test_an_issue_that_is_over_does_not_go_on(run: Run, folder: Path) -> None:
    run("issue", "import", folder)
    run("issue", "cancel", 1)

    assert run("issue", "resume", 1).err == "Issue 1 is cancelled and cannot go on.\n"
