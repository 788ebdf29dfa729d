"""Sending: the product's sender beside smtp-source and the naive way, into two sinks, in turns."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks import ground, measures, sinks
from tests.benchmarks.ground import CONNECTIONS, Ground
from tests.benchmarks.measures import Sample, Series, SkippedError

SOURCE_BYTES = 57_300
"""What smtp-source adds its own header to; on the wire it is as long as ours."""
SYNCS = ("NORMAL", "FULL")


@dataclass(frozen=True)
class Plan:
    """How much of everything."""

    messages: dict[str, int]  # by sink
    naive: int
    rounds: int


FULL = Plan({"smtp-sink": 10_000, "lean sink": 30_000}, naive=500, rounds=3)
QUICK = Plan({"smtp-sink": 2_000, "lean sink": 4_000}, naive=150, rounds=3)


def run(folder: Path, *, quick: bool) -> dict[str, Any]:
    """Measure into each sink that can be had here; return the facts and the ratios."""
    plan = QUICK if quick else FULL
    found: dict[str, Any] = {}
    with ExitStack() as stack:
        for name, start in (("smtp-sink", sinks.smtp_sink), ("lean sink", lambda: sinks.lean(folder))):
            try:
                port = stack.enter_context(start())
                found[name] = _into(folder, port, plan, plan.messages[name], naive=name == "smtp-sink")
            except SkippedError as skipped:
                found[name] = {"skipped": str(skipped)}
    return found


def send(office: Ground, copy: Path | None, port: int, *, mark_sync: str = "NORMAL") -> Sample:
    """Send from a fresh copy of an office, or from itself, with the product's sender in a process of its own."""
    environment = ground.environment(office.copy(copy) if copy else office.folder, port, mark_sync=mark_sync)
    sample = Sample(**measures.client("send", environment=environment))
    assert sample.messages == office.readers, "not everybody got a message"
    return sample


def _into(folder: Path, port: int, plan: Plan, messages: int, *, naive: bool) -> dict[str, Any]:
    office = ground.make(folder / f"office-{messages}", readers=messages)
    copy = folder / "copy"
    variants: dict[str, Callable[[], Sample]] = {}
    try:
        source = sinks.tool("smtp-source")
        variants["smtp-source"] = lambda: _source(source, port, messages)
    except SkippedError:
        pass
    variants["sender NORMAL"] = lambda: send(office, copy, port)
    variants["sender FULL"] = lambda: send(office, copy, port, mark_sync="FULL")
    if naive:
        variants["naive"] = lambda: Sample(
            **measures.client("naive", plan.naive, CONNECTIONS, environment=ground.environment(office.folder, port))
        )
    series = measures.in_turns(variants, plan.rounds)
    facts: dict[str, Any] = {name: each.facts() for name, each in series.items()}
    return facts | {"ratios": _ratios(series)}


def _source(program: str, port: int, messages: int) -> Sample:
    where = ["-4", "-d", "-s", str(CONNECTIONS), "-m", str(messages), "-l", str(SOURCE_BYTES), f"127.0.0.1:{port}"]
    return Sample(messages, *measures.program([program, *where]))


def _ratios(series: dict[str, Series]) -> dict[str, float]:
    ratios = {}
    for sync in SYNCS:
        ours = series[f"sender {sync}"].rate
        if "smtp-source" in series:
            ratios[f"{sync}, times smtp-source"] = round(ours / series["smtp-source"].rate, 2)
        if "naive" in series:
            ratios[f"{sync}, times the naive way"] = round(ours / series["naive"].rate, 1)
    return ratios
