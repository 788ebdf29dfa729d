"""What signing adds to the processor time of a message, by kind of key; the share of each step beside it."""

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from newsletter import config
from newsletter.message import segments
from newsletter.message.dkim import canonical
from newsletter.message.dkim.signing import Signer, SigningKey
from newsletter.message.segments import Recipient
from newsletter.models import Edition, Issue
from tests.benchmarks import ground
from tests.conftest import ROOT

MESSAGES = 400
ROUNDS = 9
NAMES = ("Reader", "山田 太郎", "Zoë Müller", "O'Brien, Pat")


def run(folder: Path, *, quick: bool) -> dict[str, Any]:
    """Sign messages of usual length with each key, in turns; seconds of processor time for 1,000 messages."""
    messages = _messages(folder, MESSAGES // 4 if quick else MESSAGES)
    ed25519 = SigningKey("nl-ed25519", Ed25519PrivateKey.generate())
    rsa2048 = SigningKey("nl-rsa", rsa.generate_private_key(public_exponent=65537, key_size=2048))
    keys: dict[str, list[SigningKey]] = {"ed25519": [ed25519], "rsa-2048": [rsa2048], "both": [ed25519, rsa2048]}
    steps: dict[str, Callable[[bytes], object]] = {
        **{name: Signer(some, domain="example.org", identity="example.org").sign for name, some in keys.items()},
        "body hash": lambda message: canonical.body_hash(message, canonical.parts(message)[1]),
        "Ed25519 alone": lambda message: ed25519.sign(message[:2000]),
        "RSA-2048 alone": lambda message: rsa2048.sign(message[:2000]),
    }
    found = _in_turns(steps, messages)
    return {"bytes_of_a_message": len(messages[0]), "cpu_seconds_per_1000": found}


def _messages(folder: Path, count: int) -> list[bytes]:
    settings = config.load(ROOT / "config.toml", data_folder=folder)
    now = datetime.now(UTC)
    issue = Issue(id=1, number=1, slug="2026-12-benchmark")
    edition = Edition(language="en", subject="J.CLAIR News: the fair opens", hash="", stories="[1]")
    ground._fill(edition, settings, issue, now)
    made = segments.compile(edition, settings, issue, keys=(b"k" * 32,), date=now)
    return [
        made.build(Recipient(number, number, f"reader{number}@example.org", NAMES[number % len(NAMES)], "en"))
        for number in range(1, count + 1)
    ]


def _in_turns(steps: dict[str, Callable[[bytes], object]], messages: Sequence[bytes]) -> dict[str, float]:
    """Return the median over the rounds; every step runs once a round, so that a slow moment meets them all."""
    taken: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(ROUNDS):
        for name, step in steps.items():
            begun = time.process_time()
            for message in messages:
                step(message)
            taken[name].append(1000 * (time.process_time() - begun) / len(messages))
    return {name: round(statistics.median(some), 4) for name, some in taken.items()}
