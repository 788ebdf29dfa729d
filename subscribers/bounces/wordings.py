"""What servers write in their replies, in several languages, and what they mean by it: the rules of wordings.toml."""

import re
import unicodedata
from typing import Any

from subscribers.bounces import book

_BLANKS = re.compile(r"\s+")
LONGEST = 4_000
Rules = tuple[tuple[str, re.Pattern[str]], ...]


def folded(text: str) -> str:
    """Return a reply as the patterns want it: one line, small letters, full-width forms folded, at most 4,000 long."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", text[:LONGEST]).casefold().replace("\u2019", "'")).strip()


def certain(words: str) -> str:
    """Return the reason that the words leave no doubt about, or an empty string; they win over every code."""
    return next((reason for reason, pattern in _CERTAIN if pattern.search(words)), "")


def likely(words: str) -> str:
    """Return the reason that the words suggest, or an empty string; a code that is clear wins over them."""
    return next((reason for reason, pattern in _LIKELY if pattern.search(words)), "")


def _rules(told: dict[str, Any], name: str) -> Rules:
    return tuple(
        (rule["reason"], book.any_of(said.replace("SOMEBODY", told["somebody"]) for said in rule["said"]))
        for rule in told[name]
    )


_BOOK = book.read("wordings")
_CERTAIN, _LIKELY = _rules(_BOOK, "certain"), _rules(_BOOK, "likely")
