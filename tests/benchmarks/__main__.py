"""`python -m tests.benchmarks [--quick] [--only NAME]`: measure on this machine, print, and write bench.json."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks import archive, asking, audience, dkim, measures, release, sending
from tests.benchmarks.measures import SkippedError
from tests.conftest import ROOT

REPORT = ROOT / "bench.json"
SECTIONS: dict[str, Callable[..., dict[str, Any]]] = {
    "sending": sending.run,
    "dkim": dkim.run,
    "enlisting": audience.enlist,
    "punctuality": release.punctual,
    "memory": audience.grow,
    "importing": audience.take_over,
    "rendering": release.render,
    "archive": archive.run,
    "asking": asking.ask,
}


def main() -> int:
    """Run the sections asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer messages; for a glance, not for a claim")
    parser.add_argument("--only", choices=SECTIONS, metavar="NAME", help=f"one of {', '.join(SECTIONS)}")
    given = parser.parse_args()
    found: dict[str, Any] = {"quick": given.quick, "before": measures.machine()}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for name in [given.only] if given.only else SECTIONS:
            begun = time.perf_counter()
            found[name] = _measured(name, Path(folder), quick=given.quick)
            _say(f"\n{name} ({time.perf_counter() - begun:.0f} s)")
            for line in _lines(found[name], without="ratios"):
                _say(line)
    found["after"] = measures.machine()
    _tell_noise(found["before"], found["after"])
    _say("\nratios")
    for line in _ratios(found):
        _say(line)
    REPORT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


def _measured(name: str, folder: Path, *, quick: bool) -> dict[str, Any]:
    try:
        return SECTIONS[name](folder, quick=quick)
    except SkippedError as skipped:
        return {"skipped": str(skipped)}


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


def _tell_noise(before: dict[str, Any], after: dict[str, Any]) -> None:
    stolen = 100 * (after["stolen"] - before["stolen"]) / max(1, after["ticks"] - before["ticks"])
    load = ", ".join(f"{one['load'][0]:.1f}" for one in (before, after))
    _say(f"\n{after['cores']} cores; load before and after {load}; {stolen:.1f} % of their time stolen")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
