"""One TOML file: read, and asked where a key stands when something is wrong with it."""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Redate = Callable[[dict[str, Any]], dict[str, Any]]
"""Gets the tables of one file and returns them with other dates; the sandbox moves its samples with it."""


@dataclass
class Problems:
    """Every sentence about what is wrong in the folder, so that all can be mended at once."""

    sentences: list[str] = field(default_factory=list)

    def add(self, place: str, sentence: str) -> None:
        """Keep "place: sentence"."""
        self.sentences.append(f"{place}: {sentence}")


@dataclass(frozen=True)
class Source:
    """A file's name, text and tables."""

    name: str
    text: str
    tables: dict[str, Any]

    def place(self, key: str, section: str = "") -> str:
        """Return where `key` stands: "03-fair.toml, line 12, [ja] hours"."""
        line = self._line(key, section)
        where = f"[{section}] {key}".strip() if section else key
        return ", ".join(part for part in (self.name, f"line {line}" if line else "", where) if part)

    def _line(self, key: str, section: str) -> int | None:
        """Return the line of a key, or of the heading where the key is missing."""
        now_in, heading = "", None
        for number, line in enumerate(self.text.splitlines(), start=1):
            if found := re.match(r"\s*\[([^\[\]]+)\]\s*(#.*)?$", line):
                now_in = found[1].strip()
                heading = number if now_in == section else heading
            elif now_in == section and re.match(rf"\s*{re.escape(key)}\s*=", line):
                return number
        return heading


def read(path: Path, problems: Problems, redate: Redate | None) -> Source | None:
    """Return the file, or none with a problem noted where it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        tables = tomllib.loads(text)
    except UnicodeDecodeError:
        problems.add(path.name, "not saved as UTF-8. Save it again with the encoding UTF-8.")
        return None
    except tomllib.TOMLDecodeError as error:
        problems.add(
            path.name, f"not readable as TOML: {error}. Look for a missing quotation mark there or just above."
        )
        return None
    except OSError as error:
        problems.add(path.name, f"cannot be opened: {error.strerror}.")
        return None
    return Source(path.name, text, redate(tables) if redate else tables)


def near(word: str, known: Iterable[str]) -> str:
    """Return " Did you mean x?" or the list of what is known, as the end of a sentence."""
    choices = sorted(known)
    found = difflib.get_close_matches(word, choices, n=1)
    return f" Did you mean {found[0]}?" if found else f" Known: {', '.join(choices)}."
