"""Secrets of this installation, made at first start, outside `config.toml` and the database."""

import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import SettingsError

FILE = "keys.json"
KEY_BYTES = 32


@dataclass(frozen=True, repr=False)
class Keys:
    """The installation's secrets. `unsubscribe` may gain keys, newest first; old ones stay valid (DESIGN 5.9)."""

    unsubscribe: tuple[bytes, ...]
    suppression: bytes  # never rotate: the suppression list is readable only with it (DESIGN 5.3)
    session: bytes
    form: bytes


def load(folder: Path) -> Keys:
    """Return the keys kept in `folder`, making them first where there are none; raise SettingsError.

    Two processes that start together agree: the file appears whole, and the first one wins.
    """
    path = folder / FILE
    if not path.exists():
        _create(path)
    try:
        stored = json.loads(path.read_text(encoding="ascii"))
        return Keys(
            unsubscribe=tuple(bytes.fromhex(key) for key in stored["unsubscribe"]),
            suppression=bytes.fromhex(stored["suppression"]),
            session=bytes.fromhex(stored["session"]),
            form=bytes.fromhex(stored["form"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"The key file {path} cannot be read ({error}). Restore it from your backup; do not delete it."
        raise SettingsError(message) from error


def write_once(path: Path, text: str) -> bool:
    """Write a secret that only its owner may read, durably and whole; return False where the file is there already.

    Raises SettingsError where the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # readable by its owner only
        draft = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, path)  # fails where another process was first; then its file counts
        except FileExistsError:
            return False
        finally:
            draft.unlink()
        for folder in path.parents[:2]:
            _sync(folder)
    except OSError as error:
        message = f"The key file {path} cannot be written: {error.strerror}."
        raise SettingsError(message) from error
    return True


def _create(path: Path) -> None:
    fresh = {
        "unsubscribe": [secrets.token_hex(KEY_BYTES)],
        "suppression": secrets.token_hex(KEY_BYTES),
        "session": secrets.token_hex(KEY_BYTES),
        "form": secrets.token_hex(KEY_BYTES),
    }
    write_once(path, json.dumps(fresh, indent=1))


def _sync(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
