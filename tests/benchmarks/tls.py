"""What TLS adds to the sender's processor time of a message."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.benchmarks import ground, measures, sinks
from tests.benchmarks.ground import Ground
from tests.benchmarks.measures import Sample
from tests.conftest import ROOT

CERTIFICATES = ROOT / "tests" / "newsletter" / "delivery" / "certificates"
TRUST = {
    "NEWSLETTER_RELAY__SECURITY": "tls",
    "NEWSLETTER_RELAY__HOST": "localhost",
    "SSL_CERT_FILE": str(CERTIFICATES / "authority.pem"),
}


def run(folder: Path, *, quick: bool) -> dict[str, Any]:
    """Send into the same sink with TLS and without, in turns."""
    office = ground.make(folder / "tls", readers=1000 if quick else 3000)
    with ExitStack() as stack:
        bare = stack.enter_context(sinks.python())
        encrypted = stack.enter_context(sinks.python(CERTIFICATES / "server.pem", CERTIFICATES / "server.key"))
        series = measures.in_turns(
            {
                "plain": lambda: _send(office, folder, bare, {}),
                "TLS": lambda: _send(office, folder, encrypted, TRUST),
            },
            rounds=3 if quick else 5,
        )
    added = round(series["TLS"].cpu - series["plain"].cpu, 4)
    return {name: each.facts() for name, each in series.items()} | {"added_cpu_seconds_per_1000": added}


def _send(office: Ground, folder: Path, port: int, more: dict[str, str]) -> Sample:
    environment = ground.environment(office.copy(folder / "copy"), port) | more
    return Sample(**measures.client("send", environment=environment))
