"""A CSV file from anywhere: its encoding, separator, header, and rows one at a time."""

import csv
import itertools
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from subscribers.errors import TransferError
from subscribers.transfer import cells

MAX_BYTES = 50_000_000
MAX_COLUMNS = 200
MAX_LINES = 20
"""The most lines one record may have; a stray quote eats no more than it must."""

_SAMPLE_BYTES = 200_000
_BLOCK_BYTES = 1 << 20
_JAPANESE = ["cp932", "euc_jp", "iso2022_jp"]
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how XLSX and XLS begin
_SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True)
class Row:
    """One record: where it begins in the file, its cells by column, and what is wrong with it as a record."""

    line: int
    cells: dict[str, str]
    fault: str = ""  # quoting, cells or unreadable; empty: it may be looked at


@dataclass(frozen=True)
class Table:
    """A file that was found readable; show the person its encoding and first rows before anything is done."""

    path: Path
    encoding: str
    separator: str
    header: tuple[str, ...]
    first_line: int  # of the records

    @property
    def rows(self) -> Iterator[Row]:
        """Read the file (again) and yield its records; blank lines are left out."""
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as file:
            lines = itertools.islice(enumerate(file, start=1), self.first_line - 1, None)
            for line, record, fault in _records(lines, self.separator):
                if fault or any(record):
                    yield self._row(line, record, fault)

    def _row(self, line: int, record: list[str], fault: str) -> Row:
        rest = record[len(self.header) :]
        if not fault and any(rest):
            fault = "cells"  # shifted by a separator too many: no cell can be trusted
            record[len(self.header) - 1 :] = [self.separator.join(record[len(self.header) - 1 :])]
        named = dict(itertools.zip_longest(self.header, record[: len(self.header)], fillvalue=""))
        if not fault and any("\ufffd" in cell for cell in record):
            fault = "unreadable"
        return Row(line, named, fault)


def read(path: Path) -> Table:
    """Look at the file without reading all of it into memory; raise TransferError with what to mend."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            message = f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB. Divide it, and import the parts."
            raise TransferError(message)
        encoding = _encoding(path)
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            return _table(path, encoding, enumerate(file, start=1))
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}."
        raise TransferError(message) from error


def _table(path: Path, encoding: str, lines: Iterator[tuple[int, str]]) -> Table:
    number, first = _first_line(path, lines)
    separator = max(_SEPARATORS, key=first.count)
    if first.strip().lower().startswith("sep=") and len(first.strip()) == len("sep=,"):  # Excel's own hint
        separator = first.strip()[-1]
        number, first = _first_line(path, lines)
    record, used = _record(deque([(number, first)]), lines, separator)
    header = tuple(name.strip() for name in record or ())
    while header and not header[-1]:
        header = header[:-1]
    if not header:
        message = f"{path.name}: line {number} should hold the names of the columns, but cannot be read."
        raise TransferError(message)
    _refuse_odd_header(path, header)
    return Table(path, encoding, separator, header, number + used)


def _first_line(path: Path, lines: Iterator[tuple[int, str]]) -> tuple[int, str]:
    for number, text in lines:
        if text.strip():
            return number, text
    message = f"{path.name} is empty. The first line should hold the names of the columns."
    raise TransferError(message)


def _refuse_odd_header(path: Path, header: tuple[str, ...]) -> None:
    if len(header) > MAX_COLUMNS:
        message = f"{path.name} has {len(header)} columns; at most {MAX_COLUMNS} are read."
        raise TransferError(message)
    twice = next((name for name in header if header.count(name) > 1), None)
    if twice is not None:
        name = f"named {twice!r}" if twice else "without a name"
        message = f"{path.name} has two columns {name}. Give each a name of its own."
        raise TransferError(message)


def _records(lines: Iterator[tuple[int, str]], separator: str) -> Iterator[tuple[int, list[str], str]]:
    """Yield (line number, cells, fault), where a broken record costs its own first line and no other."""
    waiting: deque[tuple[int, str]] = deque()
    lines = iter(lines)
    while True:
        if not waiting:
            waiting.extend(itertools.islice(lines, 1))
        if not waiting:
            return
        number, text = waiting[0]
        record, used = _record(waiting, lines, separator)
        for _ in range(used):
            waiting.popleft()
        yield (number, record, "") if record is not None else (number, [text.strip()], "quoting")


def _record(
    waiting: deque[tuple[int, str]], lines: Iterator[tuple[int, str]], separator: str
) -> tuple[list[str] | None, int]:
    """Return the record at the head of `waiting` and the lines it takes, fetching more where a quote is open."""
    for size in range(1, MAX_LINES + 1):
        if len(waiting) < size:
            waiting.extend(itertools.islice(lines, 1))
        if len(waiting) < size:
            break
        text = [line for _, line in itertools.islice(waiting, size)]
        try:
            record = next(csv.reader(text, delimiter=separator, strict=True), [])
        except csv.Error as error:
            if "unexpected end" not in str(error):
                break
        else:
            return [cells.plain(cell.strip()) for cell in record], size
    return None, 1


def _encoding(path: Path) -> str:
    """Return the file's encoding: by its mark, as strict UTF-8, or as the likeliest Japanese one."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
    if sample.startswith(_WORKBOOKS):
        message = f"{path.name} is a spreadsheet, not a CSV file. Save it as CSV (UTF-8), and import that."
        raise TransferError(message)
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if _is_utf8(path):
        return "utf-8-sig"
    whole_lines = sample[: sample.rfind(b"\n") + 1] or sample
    best = from_bytes(whole_lines, cp_isolation=_JAPANESE).best()
    return best.encoding if best else "cp932"


def _is_utf8(path: Path) -> bool:
    """Return whether the whole file is UTF-8; ISO-2022-JP would be too, but for its escape characters."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return not any("\x1b" in block for block in iter(lambda: file.read(_BLOCK_BYTES), ""))
    except UnicodeDecodeError:
        return False
