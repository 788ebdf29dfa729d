"""The tables of patterns that stand beside this package's files, one TOML file each."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


def read(name: str) -> dict[str, Any]:
    """Return a table as it is written."""
    return tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))


def any_of(patterns: Iterable[str], *, before: str = "", after: str = "") -> re.Pattern[str]:
    """Return one pattern that finds any of several; case does not count."""
    return re.compile(f"{before}(?:{'|'.join(patterns)}){after}", re.IGNORECASE | re.MULTILINE)
