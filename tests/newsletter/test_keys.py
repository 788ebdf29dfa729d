"""Secrets are made once, kept apart, and never made anew over damaged ones."""

import threading
from pathlib import Path

import pytest

from newsletter import keys
from newsletter.errors import SettingsError
from newsletter.keys import Keys


def test_the_second_start_finds_the_keys_of_the_first(tmp_path: Path) -> None:
    assert keys.load(tmp_path) == keys.load(tmp_path)


def test_only_the_owner_may_read_them(tmp_path: Path) -> None:
    keys.load(tmp_path)

    assert (tmp_path / keys.FILE).stat().st_mode & 0o777 == 0o600


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    found: list[Keys] = []
    threads = [threading.Thread(target=lambda: found.append(keys.load(tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert all(one == found[0] for one in found)


def test_a_damaged_file_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / keys.FILE).write_text("{}", encoding="ascii")

    with pytest.raises(SettingsError, match="Restore it"):
        keys.load(tmp_path)

    assert (tmp_path / keys.FILE).read_text(encoding="ascii") == "{}"


def test_keys_do_not_print_themselves(tmp_path: Path) -> None:
    assert keys.load(tmp_path).session.hex() not in repr(keys.load(tmp_path))
