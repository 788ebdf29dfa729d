"""Write the files of the archive into a folder: only what changed, and without what is public no more."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MANIFEST = ".newsletter-files.json"
"""Names the files that an export wrote, so that the next one removes only its own."""


@dataclass(frozen=True)
class Written:
    """What became of the folder."""

    files: int
    changed: int
    removed: int


def write(folder: Path, files: Mapping[str, bytes]) -> Written:
    """Bring `folder` to hold `files`, each replaced in one step; other people's files in it are left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    before = _before(folder)
    changed = sum(_put(_inside(folder, name), body) for name, body in sorted(files.items()))
    gone = [name for name in sorted(before - files.keys()) if _remove(_inside(folder, name))]
    _put(folder / MANIFEST, json.dumps(sorted(files), ensure_ascii=False, indent=0).encode())
    return Written(len(files), changed, len(gone))


def _put(path: Path, body: bytes) -> bool:
    """Write a file where it is not so already; return whether it was written."""
    if path.is_file() and path.read_bytes() == body:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(body)
    fresh.replace(path)
    return True


def _remove(path: Path) -> bool:
    if not path.is_file():
        return False
    path.unlink()
    return True


def _inside(folder: Path, name: str) -> Path:
    """Return the path of a file, which never lies outside the folder."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        message = f"{name} would lie outside {folder}"
        raise ValueError(message)
    return path


def _before(folder: Path) -> set[str]:
    try:
        return set(json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return set()
