"""What is measured and how it is summed up: medians over rounds that take turns, and how noisy they were."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

PATIENCE_SECONDS = 600.0
"""No program of ours may take longer."""
PER = 1000


class SkippedError(Exception):
    """Something cannot be measured here; the message is the sentence that says why."""


@dataclass(frozen=True)
class Sample:
    """One run: how many messages, in how many seconds, at what cost to the client's processor."""

    messages: int
    seconds: float
    cpu_seconds: float
    memory_mb: float = 0.0  # the most there was at once

    @property
    def rate(self) -> float:
        """Return messages a second."""
        return self.messages / self.seconds

    @property
    def cpu(self) -> float:
        """Return processor seconds for a thousand messages."""
        return self.cpu_seconds * PER / self.messages


@dataclass
class Series:
    """The runs of one variant."""

    samples: list[Sample] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Return the median of messages a second."""
        return statistics.median(sample.rate for sample in self.samples)

    @property
    def cpu(self) -> float:
        """Return the median of processor seconds for a thousand messages."""
        return statistics.median(sample.cpu for sample in self.samples)

    @property
    def spread(self) -> float:
        """Return how far the rates lie apart, in percent of their median."""
        rates = [sample.rate for sample in self.samples]
        return 100 * (max(rates) - min(rates)) / self.rate

    def facts(self) -> dict[str, float]:
        """Return the summary for the table and the file."""
        return {
            "per_second": round(self.rate, 1),
            "spread_percent": round(self.spread, 1),
            "cpu_seconds_per_1000": round(self.cpu, 4),
            "rounds": len(self.samples),
        }


def in_turns(variants: Mapping[str, Callable[[], Sample]], rounds: int) -> dict[str, Series]:
    """Run every variant once a round, so that a slow moment of the machine meets them all; return the runs of each."""
    series = {name: Series() for name in variants}
    for _ in range(rounds):
        for name, run in variants.items():
            series[name].samples.append(run())
    return series


def timed(action: Callable[[], object]) -> float:
    """Return how many seconds something takes."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def program(command: list[str]) -> tuple[float, float]:
    """Run a program to its end; return its seconds and processor seconds. Raises RuntimeError where it fails."""
    begun = time.perf_counter()
    before = os.times()
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    seconds, after = time.perf_counter() - begun, os.times()
    if done.returncode:
        message = f"{command[0]} failed: {done.stderr.strip()}"
        raise RuntimeError(message)
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds, used


def client(name: str, *arguments: object, environment: Mapping[str, str], within: Sequence[str] = ()) -> dict[str, Any]:
    """Run one of the clients of `tests.benchmarks.clients` in a process of its own; return what it measured.

    `within`: the beginning of a command that runs it somewhere else.
    """
    command = [*within, sys.executable, "-m", "tests.benchmarks.clients", name, *map(str, arguments)]
    done = subprocess.run(
        command, cwd=ROOT, env={**environment}, check=True, stdout=subprocess.PIPE, timeout=PATIENCE_SECONDS
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def machine() -> dict[str, Any]:
    """Return what else may have kept the processors busy."""
    ticks = list(map(int, Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]))
    return {"cores": os.cpu_count(), "load": os.getloadavg(), "ticks": sum(ticks[:8]), "stolen": ticks[7]}
