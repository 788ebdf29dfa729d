"""Sending to a mail server far away: one connection, 50 ms there and back."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks import delay, ground, measures, sinks
from tests.benchmarks.measures import Sample, SkippedError
from tests.conftest import ROOT

RTT_MS = 50
DEPTH = 8
"""Messages without an answer when streaming."""
_CONTROL = "/proc/sys/net/ipv4/tcp_congestion_control"
_ALLOWED = "/proc/sys/net/ipv4/tcp_allowed_congestion_control"


@dataclass(frozen=True)
class Plan:
    """How many messages each way sends."""

    plain: int
    pipelined: int
    streaming: int


FULL = Plan(plain=40, pipelined=150, streaming=600)
QUICK = Plan(plain=20, pipelined=60, streaming=200)


def run(folder: Path, *, quick: bool) -> dict[str, Any]:
    """Measure messages a second on one connection, with the system's congestion control and with reno."""
    usual = Path(_CONTROL).read_text(encoding="ascii").strip()
    allowed = Path(_ALLOWED).read_text(encoding="ascii").split()
    found: dict[str, Any] = {"round_trip_ms": RTT_MS, "congestion_control_of_this_system": usual}
    controls = [usual] if quick else [usual, *({"reno"} & set(allowed) - {usual})]
    with _apart() as (near, far):
        for control in controls:
            for place in (near, far):
                _set(place, control)
            with sinks.lean(folder, delay.ADDRESSES["b"], within=far) as port:
                found[control] = _ways(folder, near, port, QUICK if quick else FULL)
    return found


def _ways(folder: Path, near: list[str], port: int, plan: Plan) -> dict[str, Any]:
    office = ground.make(folder / "far", readers=plan.pipelined)
    many = ground.make(folder / "far-many", readers=plan.streaming)
    host = {"NEWSLETTER_RELAY__HOST": delay.ADDRESSES["b"], "NEWSLETTER_RELAY__CONNECTIONS": "1"}
    streaming = {"NEWSLETTER_RELAY__CHUNKING": "streaming", "NEWSLETTER_RELAY__STREAMING_DEPTH": str(DEPTH)}

    def ours(which: ground.Ground, more: dict[str, str]) -> Sample:
        environment = ground.environment(which.copy(folder / "copy"), port) | host | more
        return Sample(**measures.client("send", environment=environment, within=near))

    plain_environment = ground.environment(office.folder, port) | host
    plain = Sample(**measures.client("bytes", plan.plain, environment=plain_environment, within=near))
    pipelined, streamed = ours(office, {}), ours(many, streaming)
    return {
        "smtplib": {"per_second": round(plain.rate, 1)},
        "pipelined": {"per_second": round(pipelined.rate, 1)},
        f"streaming, depth {DEPTH}": {"per_second": round(streamed.rate, 1)},
        "ratios": {
            "pipelined, times smtplib": round(pipelined.rate / plain.rate, 2),
            "streaming, times smtplib": round(streamed.rate / plain.rate, 1),
        },
    }


@contextmanager
def _apart() -> Iterator[tuple[list[str], list[str]]]:
    """Give what begins a command that runs at either end of the wire; raise SkippedError where none can be laid."""
    if os.geteuid() != 0 or shutil.which("ip") is None or not Path("/dev/net/tun").exists():
        raise SkippedError("A wire with a delay wants root, iproute2 and /dev/net/tun; nothing was measured far away.")
    name = f"nl{os.getpid()}"
    command = [sys.executable, "-m", "tests.benchmarks.delay", str(RTT_MS), name]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        if process.stdout.readline() != "ready\n":
            message = f"No wire could be laid: {process.stderr.read().strip().splitlines()[-1]}"
            raise SkippedError(message)
        yield ["ip", "netns", "exec", f"{name}a"], ["ip", "netns", "exec", f"{name}b"]
    finally:
        process.communicate()  # it ends when its input does


def _set(place: list[str], control: str) -> None:
    subprocess.run([*place, "sh", "-c", f"echo {control} > {_CONTROL}"], check=True)
