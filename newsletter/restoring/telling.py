"""What the journal tells of the time that a restored database does not know."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.journal.lines import PERSONAL, Line


@dataclass(frozen=True)
class Released:
    """An issue that went out: its number then, and when each language did."""

    number: int
    languages: dict[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """All of it, by ids of the database that is gone."""

    lines: Sequence[Line] = ()
    released: dict[int, Released] = field(default_factory=dict)
    claimed: set[int] = field(default_factory=set)
    closed: set[int] = field(default_factory=set)

    @property
    def wishes(self) -> int:
        """Return how many lines are about people."""
        return sum(line.event in PERSONAL for line in self.lines)


def read(lines: Sequence[Line]) -> Told:
    """Return what the lines say, without those whose transaction never committed."""
    void = {number for line in lines if line.event == "settled" for number in json.loads(line.of["void"])}
    told = Told([line for line in lines if line.number not in void])
    for line in told.lines:
        if line.event == "released":
            issue = told.released.setdefault(line.of["issue"], Released(line.of["number"]))
            issue.languages.setdefault(line.of["language"], line.at)
        elif line.event == "claimed":
            told.claimed.add(line.of["post"])
        elif line.event == "closed":
            told.closed.add(line.of["issue"])
    return told
