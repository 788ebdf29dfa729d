"""The file itself: appended, mended, carried into a new year, and never believed when it was changed."""

import multiprocessing
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.journal import Journal, JournalError
from newsletter.journal.journal import Head
from subscribers.noted import Note

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
NEXT_YEAR = datetime(2027, 1, 1, 2, 0, tzinfo=UTC)
SECRET = b"s" * 32
NAME = "a" * 32


def left(number: int = 1) -> Note:
    return Note("left", NOW, {"publication": 1, "address": f"{number:064x}"})


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """Return a journal with its first line."""
    made = Journal(tmp_path / "journal", SECRET)
    made.begin(NAME, NOW)
    return made


def again(journal: Journal) -> Journal:
    """Return the same journal as another process sees it."""
    return Journal(journal.folder, SECRET)


def file_of(journal: Journal) -> Path:
    return journal.folder / "journal-2026.jsonl"


def test_what_was_appended_is_read_by_another_process(journal: Journal) -> None:
    journal.append(NAME, [left(1), left(2)], now=NOW)
    journal.append(NAME, [Note("done", NOW, {"done": 3})], now=NOW)

    assert again(journal).head() == journal.head()
    assert [line.event for line in again(journal).since(1)] == ["left", "left", "done"]
    assert (again(journal).head() or Head(0, "", "", 0, 0)).done == 3


def test_a_line_that_was_never_finished_is_cut_off_at_the_next(journal: Journal) -> None:
    with file_of(journal).open("ab") as file:
        file.write(b'{"n":2,"at":"2026-')

    head = again(journal).append(NAME, [left()], now=NOW)

    assert head.number == 2
    assert [line.number for line in again(journal).since(0)] == [1, 2]


def test_a_disk_that_is_full_leaves_nothing_behind(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    before, whole = file_of(journal).read_bytes(), os.write
    monkeypatch.setattr(os, "write", lambda handle, raw: whole(handle, raw[:10]) if len(raw) > 200 else _full())

    with pytest.raises(JournalError, match="No space left"):
        journal.append(NAME, [left()], now=NOW)

    assert file_of(journal).read_bytes() == before
    monkeypatch.undo()
    assert journal.append(NAME, [left()], now=NOW).number == 2


def test_two_processes_append_one_after_the_other(journal: Journal) -> None:
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_append_many, args=(journal.folder,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)

    lines = journal.since(0)

    assert [line.number for line in lines] == list(range(1, 82))


def test_a_new_year_has_a_file_of_its_own_that_goes_on(journal: Journal) -> None:
    journal.append(NAME, [left(), Note("done", NOW, {"done": 2})], now=NOW)
    head = journal.append(NAME, [left(2)], now=NEXT_YEAR)

    assert (head.number, head.matter, head.done) == (5, 5, 2)
    assert again(journal).head() == head
    assert [line.number for line in again(journal).since(1)] == [2, 3, 4, 5]
    assert (journal.folder / "journal-2027.jsonl").exists()


def test_a_year_that_began_with_a_torn_line_begins_again(journal: Journal) -> None:
    (journal.folder / "journal-2027.jsonl").write_bytes(b'{"n":2')

    assert (again(journal).head() or Head(0, "", "", 0, 0)).number == 1
    assert again(journal).append(NAME, [left()], now=NEXT_YEAR).number == 3


@pytest.mark.parametrize("change", [(b"left", b"held"), (b'"n":3', b'"n":9')])
def test_a_changed_line_is_noticed(journal: Journal, change: tuple[bytes, bytes]) -> None:
    journal.append(NAME, [left(1), left(2)], now=NOW)
    file_of(journal).write_bytes(file_of(journal).read_bytes().replace(*change))

    with pytest.raises(JournalError, match="not what was written"):
        again(journal).head()


def test_a_line_that_was_taken_out_is_noticed(journal: Journal) -> None:
    journal.append(NAME, [left(1), left(2)], now=NOW)
    lines = file_of(journal).read_bytes().splitlines(keepends=True)
    file_of(journal).write_bytes(lines[0] + lines[2])

    with pytest.raises(JournalError):
        again(journal).head()


def test_other_keys_do_not_read_it(journal: Journal) -> None:
    with pytest.raises(JournalError, match="other keys"):
        Journal(journal.folder, b"t" * 32).head()


def test_a_journal_that_has_gone_is_not_begun_again(journal: Journal) -> None:
    file_of(journal).unlink()

    with pytest.raises(JournalError, match="has gone"):
        journal.append(NAME, [left()], now=NOW)
    assert journal.head() is None


def _full() -> int:
    raise OSError(28, "No space left on device")


def _append_many(folder: Path) -> None:
    journal = Journal(folder, SECRET)
    for number in range(40):
        journal.append(NAME, [left(number)], now=NOW, sync=False)
