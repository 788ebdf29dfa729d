"""The Nu HTML checker (npm's vnu-jar), which is the one behind validator.w3.org."""

import json
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

JAR = "vnu-jar/build/dist/vnu.jar"
SECONDS = 600


def judge(packages: Path, addresses: Sequence[str]) -> Iterator[str]:
    """Yield a line for each error and warning of pages and style sheets.

    They are judged as files, since the checker refuses to ask servers of this machine.
    """
    with tempfile.TemporaryDirectory(prefix="nu-") as folder:
        files = {_saved(Path(folder), number, address): address for number, address in enumerate(addresses)}
        command = ["java", "-jar", str(packages / JAR), "--also-check-css", "--exit-zero-always", "--format", "json"]
        done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, timeout=SECONDS, check=True)
    for message in json.loads(done.stderr)["messages"]:
        kind = message.get("subType", message["type"])
        address = files.get(Path(message["url"].removeprefix("file:")), message["url"])
        yield f"{address} line {message.get('lastLine', '?')}: {kind}: {message['message']}"


def _saved(folder: Path, number: int, address: str) -> Path:
    path = folder / f"{number:03}.{'css' if address.endswith('.css') else 'html'}"
    with urllib.request.urlopen(address) as answer:
        path.write_bytes(answer.read())
    return path
