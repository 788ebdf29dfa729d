"""One server a data folder: a file lock that the system releases when the process ends, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsletter.errors import InUseError


@contextmanager
def hold(folder: Path, name: str) -> Iterator[None]:
    """Hold `folder/name.lock` for the length of the block; raise InUseError where another process does."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            message = (
                f"Another server works on {folder} already (process {holder}). Stop it first; nothing was changed."
            )
            raise InUseError(message) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
