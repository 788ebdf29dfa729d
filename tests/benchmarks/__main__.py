"""`python -m tests.benchmarks [--quick] [--only NAME ...]`: measure on this machine, print, and write bench.json.

It waits a while for the machine to have nothing else to do, and says so where it has; the ratios lie then. The
numbers we have set ourselves are printed beside what was measured, and the ratios last. It ends with 1 where a
section failed, and leaves no process behind.
"""

import argparse
import json
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks import archive, asking, audience, distance, dkim, measures, quiet, release, sending, targets, tls
from tests.benchmarks.measures import SkippedError
from tests.conftest import ROOT

REPORT = ROOT / "bench.json"
TERMINATED = 143
SECTIONS: dict[str, Callable[..., dict[str, Any]]] = {
    "sending": sending.run,
    "dkim": dkim.run,
    "tls": tls.run,
    "distance": distance.run,
    "punctuality": release.punctual,
    "audience": audience.grow,
    "importing": audience.take_over,
    "rendering": release.render,
    "archive": archive.run,
    "asking": asking.ask,
}


def main() -> int:
    """Run the sections asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer messages; for a glance, not for a claim")
    parser.add_argument("--only", choices=SECTIONS, nargs="+", metavar="NAME", help=f"some of {', '.join(SECTIONS)}")
    given = parser.parse_args()
    for ending in (signal.SIGTERM, signal.SIGINT):  # the latter is ignored by what a script runs in the background
        signal.signal(ending, lambda *_: sys.exit(TERMINATED))  # so that everything begun is ended
    found: dict[str, Any] = {"quick": given.quick, "before": measures.machine(), "busy_percent": quiet.wait(_say)}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for name in given.only or SECTIONS:
            begun = time.perf_counter()
            found[name] = _measured(name, Path(folder), quick=given.quick)
            _say(f"\n{name} ({time.perf_counter() - begun:.0f} s)")
            for line in _lines(found[name], without="ratios"):
                _say(line)
    found["after"] = measures.machine()
    found["targets"] = {target.name: target.verdict(value) for target, value in targets.measured(found)}
    _tell_noise(found)
    _say("\nnumbers beside what they are to be")
    for target, value in targets.measured(found):
        _say(f"  {target.line(value)}")
    _say("\nratios")
    for line in _ratios(found):
        _say(line)
    REPORT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return int(any("failed" in fact for fact in found.values() if isinstance(fact, dict)))


def _measured(name: str, folder: Path, *, quick: bool) -> dict[str, Any]:
    """Measure one section; what cannot be measured, or fails, keeps nothing else from being measured."""
    try:
        return SECTIONS[name](folder, quick=quick)
    except SkippedError as skipped:
        return {"skipped": str(skipped)}
    except Exception as error:  # noqa: BLE001 - an hour of measuring is not to be lost
        traceback.print_exc()
        return {"failed": f"{type(error).__name__}: {error}"}


def _lines(facts: dict[str, Any], *, without: str, indent: str = "  ") -> Iterator[str]:
    for name, fact in facts.items():
        if name == without:
            continue
        if not isinstance(fact, dict):
            yield f"{indent}{name.replace('_', ' '):24} {fact}"
        elif all(not isinstance(one, dict) for one in fact.values()):
            yield f"{indent}{name:24} " + ", ".join(f"{key.replace('_', ' ')} {one}" for key, one in fact.items())
        else:
            yield f"{indent}{name}"
            yield from _lines(fact, without=without, indent=f"{indent}  ")


def _ratios(facts: dict[str, Any], path: str = "") -> Iterator[str]:
    for name, fact in facts.items():
        if name == "ratios":
            for which, ratio in fact.items():
                yield f"  {path}{which}: {ratio}"
        elif isinstance(fact, dict):
            yield from _ratios(fact, f"{path}{name}, ")


def _tell_noise(found: dict[str, Any]) -> None:
    before, after = found["before"], found["after"]
    stolen = 100 * (after["stolen"] - before["stolen"]) / max(1, after["ticks"] - before["ticks"])
    load = ", ".join(f"{one['load'][0]:.1f}" for one in (before, after))
    _say(f"\n{after['cores']} cores; load before and after {load}; {stolen:.1f} % of their time stolen")
    if found["busy_percent"] > quiet.MOST_PERCENT:
        _say(f"The machine was {found['busy_percent']:.0f} % busy with something else: the rates and ratios may lie.")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
