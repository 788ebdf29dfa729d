"""The append-only file outside the database: append and fsync, mend a torn end, read on."""

import fcntl
import hashlib
import hmac
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from newsletter.journal import files, lines
from newsletter.journal.errors import JournalError
from newsletter.journal.lines import BOOKKEEPING, GENESIS, Line
from subscribers.noted import Note

log = structlog.get_logger()


@dataclass(frozen=True)
class Head:
    """The end of the journal.

    `matter` is the last line that says something new, `done` the last of those known to be committed.
    """

    number: int
    chain: str
    installation: str
    matter: int
    done: int

    def after(self, line: Line) -> "Head":
        """Return the head once `line` stands behind it."""
        says = line.event not in BOOKKEEPING
        done = max(self.done, int(line.of["done"])) if "done" in line.of else self.done
        matter = line.number if says else max(self.matter, int(line.of.get("matter", 0)))
        return Head(line.number, line.chain, line.installation, matter, done)


_NOTHING = Head(0, GENESIS, "", 0, 0)


class Journal:
    """One installation's journal; any number of threads and processes append to it, one after the other."""

    def __init__(self, folder: Path, secret: bytes) -> None:
        self.folder = folder
        self._key = hmac.new(secret, b"journal", hashlib.sha256).digest()
        self._lock = threading.Lock()
        self._path: Path | None = None
        self._inode = self._offset = 0
        self._head = _NOTHING

    def head(self) -> Head | None:
        """Return the end of the journal, or None where there is none; raise JournalError where it cannot be read."""
        with self._lock, _said():
            if not files.written(self.folder):
                return None
            self._catch_up()
            return self._head

    def since(self, number: int) -> list[Line]:
        """Return every line after `number`, oldest first; raise JournalError."""
        found: list[Line] = []
        with self._lock, _said():
            for path in reversed(files.written(self.folder)):
                mine = list(self._read(path))
                found[:0] = [line for line in mine if line.number > number]
                if mine and mine[0].number <= number + 1:
                    break
        return found

    def begin(self, installation: str, now: datetime) -> Head:
        """Write the first line of a new journal; raise JournalError where there is one already."""
        with self._lock, _said():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            files.sync_folder(self.folder.parent)
            if files.written(self.folder):
                raise JournalError("other_journal", f"There is a journal in {self.folder} already.")
            self._forget()
        return self.append(installation, [Note("begin", now, {})], now=now)

    def append(self, installation: str, notes: Sequence[Note], *, now: datetime, sync: bool = True) -> Head:
        """Write the notes as lines; they are on the disk when this returns (with `sync`). Return the new end.

        All of them or none: what cannot be written whole is taken back. Raises JournalError.
        """
        with self._lock, _said(), self._locked(now) as (handle, path):
            self._catch_up()
            size = self._mended(handle, path)
            head, raw = self._composed(installation, notes, anew=not size)
            _put(handle, raw, size, sync=sync)
            self._path, self._inode, self._offset = path, os.fstat(handle).st_ino, size + len(raw)
            self._head = head
            return head

    @contextmanager
    def _locked(self, now: datetime) -> Iterator[tuple[int, Path]]:
        """Open the file to append to and hold its lock, which goes with the process."""
        while True:
            path = self._current(now)
            handle = os.open(path, os.O_RDWR | os.O_APPEND)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                if path == self._current(now):  # otherwise the year has turned while we waited
                    yield handle, path
                    return
            finally:
                os.close(handle)

    def _current(self, now: datetime) -> Path:
        """Return the file to append to: the newest, or that of a new year."""
        there = files.written(self.folder)
        if not there and self._head.number:
            raise JournalError("no_journal", f"The journal in {self.folder} has gone.")
        if there and files.year_of(there[-1]) >= now.year:
            return there[-1]
        path = files.path_of(self.folder, now.year)
        _create(path)
        return path

    def _mended(self, handle: int, path: Path) -> int:
        """Cut off a line that was never finished, and so never counted; return the file's length."""
        size = os.fstat(handle).st_size
        known = self._offset if path == self._path else 0
        if size > known:
            log.warning("journal mended", bytes=size - known)
            os.ftruncate(handle, known)
        return known

    def _composed(self, installation: str, notes: Sequence[Note], *, anew: bool) -> tuple[Head, bytes]:
        """Return the end and the bytes that the notes make; a file of a new year begins by going on (`anew`)."""
        head, raw = self._head, b""
        if anew and head.number:
            carried: dict[str, int | str] = {"previous": head.chain, "done": head.done, "matter": head.matter}
            notes = [Note("carried", notes[0].at, carried), *notes]
        for note in notes:
            line, written = lines.write(self._key, head.chain, head.number + 1, installation, note)
            head, raw = head.after(line), raw + written
        return head, raw

    def _catch_up(self) -> None:
        """Read what others have appended since; from the beginning where the newest file is another."""
        there = files.written(self.folder)
        if not there:
            return
        newest, at = there[-1], there[-1].stat()
        if (newest, at.st_ino) != (self._path, self._inode) or at.st_size < self._offset:
            self._forget()
        try:
            self._go_on(newest, at.st_size)
        except JournalError:
            if not self._offset:
                raise
            self._forget()  # somebody took back what we had read of their unfinished lines
            self._go_on(newest, at.st_size)
        self._path, self._inode = newest, at.st_ino

    def _go_on(self, path: Path, size: int) -> None:
        if size > self._offset:
            for line in self._read(path, self._offset, self._head.chain if self._offset else None):
                self._head = self._head.after(line)

    def _forget(self) -> None:
        self._path, self._inode, self._offset, self._head = None, 0, 0, _NOTHING

    def _read(self, path: Path, offset: int | None = None, previous: str | None = None) -> Iterator[Line]:
        """Yield the finished lines of a file; with an `offset` from there, keeping it up to date."""
        with path.open("rb") as file:
            file.seek(offset or 0)
            number = self._head.number if offset else None
            for raw in file:
                if not raw.endswith(b"\n"):
                    return
                line = lines.read(self._key, previous, raw)
                if number is not None and line.number != number + 1:
                    raise JournalError("damaged", f"Line {number + 1} of the journal is missing.")
                if offset is not None:
                    self._offset += len(raw)
                number, previous = line.number, line.chain
                yield line


def _create(path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    files.sync_folder(path.parent)


def _put(handle: int, raw: bytes, size: int, *, sync: bool) -> None:
    """Write all of `raw` behind the first `size` bytes, or none of it."""
    left = memoryview(raw)
    try:
        while left:
            left = left[os.write(handle, left) :]
        if sync:
            os.fsync(handle)
    except OSError:
        with suppress(OSError):
            os.ftruncate(handle, size)
        raise


@contextmanager
def _said() -> Iterator[None]:
    """Turn what the system says into a JournalError."""
    try:
        yield
    except OSError as error:
        message = f"The journal cannot be used: {error.strerror or error}."
        raise JournalError("unwritable", message) from error
