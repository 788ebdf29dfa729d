"""Cells that a spreadsheet will not take for formulas, and back; pure."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

_FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # full-width: Excel in Japanese takes them too
_MARK = "'"


def safe(text: str) -> str:
    """Return the cell, with a quote in front where a spreadsheet would calculate it or where there is one already."""
    return f"{_MARK}{text}" if text.startswith((*_FORMULA, _MARK)) else text


def plain(text: str) -> str:
    """Return what `safe` was given; a cell of somebody else's file without that quote stays as it is."""
    rest = text.removeprefix(_MARK)
    return rest if rest.startswith((*_FORMULA, _MARK)) else text


def write(path: Path, rows: Iterable[Sequence[str]]) -> int:
    """Write rows as a CSV file that spreadsheets open in the right encoding; return how many.

    The rows come from `exporting.rows` or `importing.rejects`, which have made them safe.
    """
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for count, row in enumerate(rows, start=1):  # noqa: B007 - the count is wanted after the loop
            writer.writerow(row)
    return count
