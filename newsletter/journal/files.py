"""The journal's folder: one file a year, each only ever appended to."""

import os
import re
from pathlib import Path

_NAME = re.compile(r"journal-(\d{4})\.jsonl")


def path_of(folder: Path, year: int) -> Path:
    """Return the file of a year."""
    return folder / f"journal-{year:04}.jsonl"


def written(folder: Path) -> list[Path]:
    """Return the files that hold a finished line, oldest first."""
    try:
        return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name) and _holds_a_line(path))
    except FileNotFoundError:
        return []


def year_of(path: Path) -> int:
    """Return the year in a file's name."""
    match = _NAME.fullmatch(path.name)
    return int(match[1]) if match else 0


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put_away(folder: Path, suffix: str) -> None:
    """Rename every file, so that a new journal can begin; nothing is deleted."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in written(folder):
        path.rename(path.with_name(f"{path.name}.{suffix}"))
    sync_folder(folder)


def _holds_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        return file.readline().endswith(b"\n")
