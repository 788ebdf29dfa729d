"""Counts of deliveries as sentences, and the sum that adds up."""

from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.web.editor import desk
from newsletter.words import Words

OPEN = ("queued", "claimed", "on_wire", "deferred")
"""States of deliveries that are not settled."""

OUTCOMES = ("sent", "refused", "withdrawn", "uncertain", "given_up", "cancelled")
"""States in which a delivery ends (DESIGN 5.1), in the order in which they are told."""


@dataclass(frozen=True)
class Line:
    """One sentence and what it is about."""

    name: str
    number: int
    sentence: str


def waiting(counts: Mapping[str, int]) -> int:
    """Return how many have no outcome yet."""
    return sum(counts.get(state, 0) for state in OPEN)


def settled(counts: Mapping[str, int]) -> int:
    """Return how many have their outcome."""
    return sum(counts.get(state, 0) for state in OUTCOMES)


def lines(words: Words, counts: Mapping[str, int]) -> list[Line]:
    """Return a sentence for each thing that has happened to somebody, what still comes first after what was sent."""
    numbers = {
        "sent": counts.get("sent", 0),
        "waiting": waiting(counts) - counts.get("deferred", 0),
        "deferred": counts.get("deferred", 0),
    } | {name: counts.get(name, 0) for name in OUTCOMES if name != "sent"}
    return [
        Line(name, number, words(f"progress.{name}", people=desk.count(words, "people", number)))
        for name, number in numbers.items()
        if number
    ]
