"""Lighthouse (npm's lighthouse): accessibility and best practices, each out of 100."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

SCRIPT = "lighthouse/cli/index.js"
CATEGORIES = ("accessibility", "best-practices")
SECONDS = 180
_FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"


def judge(packages: Path, chromium: str, page: str, preset: str) -> Iterator[str]:
    """Yield a line for each audit that keeps a page from 100; `preset` is desktop, or mobile."""
    command = [
        "node",
        str(packages / SCRIPT),
        page,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={_FLAGS}",
        *(["--preset=desktop"] if preset == "desktop" else []),
    ]
    environment = os.environ | {"CHROME_PATH": chromium, "CI": "1"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True, env=environment)
    report = json.loads(done.stdout)
    for name in CATEGORIES:
        category = report["categories"][name]
        if category["score"] == 1:
            continue
        failed = [ref["id"] for ref in category["auditRefs"] if _fails(report["audits"][ref["id"]], ref["weight"])]
        yield f"{page} ({preset}) {name}: {100 * (category['score'] or 0):.0f}: {', '.join(failed)}"


def _fails(audit: dict[str, object], weight: float) -> bool:
    return weight > 0 and audit["score"] is not None and audit["score"] != 1
