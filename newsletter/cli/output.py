"""What commands print: sentences for people on a terminal, JSON where a program reads."""

import json
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

console = Console(highlight=False, soft_wrap=True)
complaints = Console(stderr=True, highlight=False, soft_wrap=True)


def say(sentence: str) -> None:
    """Print a sentence; markup in it is not interpreted."""
    console.print(sentence, markup=False)


def complain(sentence: str) -> None:
    """Print a sentence about what went wrong to standard error."""
    complaints.print(sentence, markup=False, style="red" if complaints.is_terminal else None)


def write_json(value: object) -> None:
    """Print one JSON document to standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a plain table."""
    drawn = Table(*headings, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        drawn.add_row(*("" if cell is None else str(cell) for cell in row))
    console.print(drawn, markup=False) if drawn.row_count else say("Nothing here yet.")
