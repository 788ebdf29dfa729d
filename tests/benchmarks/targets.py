"""The numbers we have set ourselves, beside what was measured: met, or short by how much.

They are for messages of 57 KB, 20 connections and a machine of two cores; another machine has other seconds, but
about the same ratios.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Path = tuple[str, ...]
"""Where a number stands in the facts."""
PERCENT = 100
BBR, RENO = "bbr", "reno"


@dataclass(frozen=True)
class Target:
    """A number, what it is to reach, and what lies beyond."""

    name: str
    path: Path
    reach: float
    beyond: float | None = None
    most: bool = False  # it is to be no more than that, and not at least

    def verdict(self, value: float) -> dict[str, Any]:
        """Return what is printed and kept."""
        return {"value": value, "reach": self.reach, "beyond": self.beyond, "met": self._met(value, self.reach)}

    def line(self, value: float) -> str:
        """Return the sentence."""
        at = "at most" if self.most else "at least"
        said = f"{self.name}: {value:g}, {at} {self.reach:g} {self._said(value, self.reach)}"
        if self.beyond is not None:
            said += f"; beyond {self.beyond:g} {self._said(value, self.beyond)}"
        return said

    def _met(self, value: float, limit: float) -> bool:
        return value <= limit if self.most else value >= limit

    def _said(self, value: float, limit: float) -> str:
        return "met" if self._met(value, limit) else f"SHORT by {abs(value - limit) / limit * PERCENT:.0f} %"


def _at(*path: str) -> Path:
    return ("sending", *path)


TARGETS = (
    Target(
        "times smtp-source into smtp-sink, marks NORMAL",
        _at("smtp-sink", "ratios", "NORMAL, times smtp-source"),
        0.95,
        1.05,
    ),
    Target(
        "times smtp-source into smtp-sink, marks FULL", _at("smtp-sink", "ratios", "FULL, times smtp-source"), 0.9, 1.05
    ),
    Target(
        "times smtp-source into the lean sink, marks NORMAL",
        _at("lean sink", "ratios", "NORMAL, times smtp-source"),
        0.6,
        0.85,
    ),
    Target(
        "times smtp-source into the lean sink, marks FULL",
        _at("lean sink", "ratios", "FULL, times smtp-source"),
        0.45,
        0.65,
    ),
    Target(
        "processor seconds of 1,000 messages into smtp-sink, marks NORMAL",
        _at("smtp-sink", "sender NORMAL", "cpu_seconds_per_1000"),
        0.13,
        0.08,
        most=True,
    ),
    Target(
        "processor seconds of 1,000 messages into smtp-sink, marks FULL",
        _at("smtp-sink", "sender FULL", "cpu_seconds_per_1000"),
        0.18,
        0.13,
        most=True,
    ),
    Target(
        "times smtplib, EmailMessage and Jinja into smtp-sink",
        _at("smtp-sink", "ratios", "NORMAL, times the naive way"),
        20,
    ),
    Target(
        "processor seconds that DKIM with Ed25519 adds to 1,000 messages",
        ("dkim", "cpu_seconds_per_1000", "ed25519"),
        0.11,
        0.09,
        most=True,
    ),
    Target(
        "processor seconds that DKIM with RSA-2048 adds to 1,000 messages",
        ("dkim", "cpu_seconds_per_1000", "rsa-2048"),
        0.45,
        0.4,
        most=True,
    ),
    Target(
        "processor seconds that TLS adds to 1,000 messages",
        ("tls", "added_cpu_seconds_per_1000"),
        0.05,
        0.03,
        most=True,
    ),
    Target("times smtplib at 50 ms, bbr", ("distance", BBR, "ratios", "pipelined, times smtplib"), 2.8),
    Target("times smtplib at 50 ms, reno", ("distance", RENO, "ratios", "pipelined, times smtplib"), 3.5),
    Target("times smtplib at 50 ms, bbr, streaming", ("distance", BBR, "ratios", "streaming, times smtplib"), 25),
    Target("times smtplib at 50 ms, reno, streaming", ("distance", RENO, "ratios", "streaming, times smtplib"), 25),
    Target("MB by which 1,000,000 readers make the sender grow", ("audience", "memory_growth_mb"), 30, 10, most=True),
    Target(
        "seconds to enlist 1,000,000 readers", ("audience", "1,000,000 readers", "enlisting_seconds"), 3, 1, most=True
    ),
    Target("seconds from due to the first byte, 100,000 readers", ("punctuality", "seconds"), 3, 1, most=True),
    Target(
        "processor time of a message, 1,000,000 readers to 10,000",
        ("audience", "ratios", "processor time of a message, 1,000,000 readers to 10,000"),
        1.1,
        1.0,
        most=True,
    ),
)


def measured(facts: dict[str, Any]) -> Iterator[tuple[Target, float]]:
    """Yield the targets of which the number was measured, with it."""
    for target in TARGETS:
        value: Any = facts
        for step in target.path:
            value = value.get(step) if isinstance(value, dict) else None
        if isinstance(value, int | float):
            yield target, float(value)
