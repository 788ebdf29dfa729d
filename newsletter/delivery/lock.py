"""One sending process for one SQLite database, by a lock on a file beside it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsletter.errors import InUseError

FILE = "sender.lock"


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Hold the lock; it goes when the process does, however it ends. Raises InUseError where another has it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / FILE).open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            other = file.read(20).strip() or "unknown"
            message = f"Another process ({other}) already sends from {folder}; stop it first, or let it do the work."
            raise InUseError(message) from error
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield
