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


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = {
        "unsubscribe": [secrets.token_hex(KEY_BYTES)],
        "suppression": secrets.token_hex(KEY_BYTES),
        "session": secrets.token_hex(KEY_BYTES),
        "form": secrets.token_hex(KEY_BYTES),
    }
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=FILE)  # readable by its owner only
        draft = Path(name)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump(fresh, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # fails where another process was first; then its keys count
        except FileExistsError:
            return
        finally:
            draft.unlink()
    except OSError as error:
        message = f"The key file {path} cannot be written: {error.strerror}."
        raise SettingsError(message) from error
