"""Everything in one text that another language must say too."""

import re
from dataclasses import dataclass
from datetime import date
from types import ModuleType

from newsletter.prose import english, japanese
from newsletter.prose.mention import Mention

READERS: dict[str, ModuleType] = {"en": english, "ja": japanese}
_ADDRESSES = re.compile(r"https?://[^\s<>\"、。）」]+|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]+", re.ASCII)
GAP = "\ufffc"
"""Stands for what has been read or must not be, so that nothing is read across it."""
SMALL = 10
"""Below this a number may be a word in one language (three, 3つ, 三つ) and a figure in another."""


@dataclass(frozen=True)
class Facts:
    """Dates in reading order; times, months and numbers with the words they stand in.

    What is only probably said (`days`, `loose`, `spoken`) answers the other language and asks nothing of it.
    """

    dates: tuple[Mention, ...]
    days: dict[date, str]  # days whose month stands elsewhere, or that may be fractions
    times: dict[tuple[int, int], str]
    loose: frozenset[tuple[int, int]]  # those of `times` that leave morning or evening open
    months: dict[int, str]
    numbers: dict[float, str]  # from `SMALL` on
    spoken: frozenset[float]  # numbers in words, which the other language may have in figures

    @property
    def known_days(self) -> set[date]:
        """Return every day that is said or probably said."""
        return {mention.day for mention in self.dates if mention.day} | set(self.days)


def read(text: str, language: str, near: date) -> Facts | None:
    """Return the facts of a plain text, or none for a language that cannot be read here."""
    reader = READERS.get(language)
    if reader is None:
        return None
    text = _ADDRESSES.sub(lambda match: GAP * len(match[0]), text)
    dates = sorted(reader.dates(text, near), key=lambda mention: mention.span)
    rest = _blanked(text, dates)
    untimed = reader.without_times(rest)
    times = list(reader.times(rest))
    numbers = list(reader.numbers(untimed))
    return Facts(
        dates=tuple(dates),
        days=dict(reader.days(rest, dates, near)),
        times={(one.hour, one.minute): one.text for one in times},
        loose=frozenset((one.hour, one.minute) for one in times if not one.sure),
        months=dict(reader.months(untimed)),
        numbers={value: words for value, words, figures in numbers if figures and value >= SMALL},
        spoken=frozenset(value for value, _, figures in numbers if not figures and value >= SMALL),
    )


def _blanked(text: str, dates: list[Mention]) -> str:
    for mention in dates:
        start, end = mention.span
        text = text[:start] + GAP * (end - start) + text[end:]
    return text
