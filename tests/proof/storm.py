"""A storm: the sender is killed with SIGKILL again and again, and nobody is lost or mailed twice.

`python -m tests.proof.storm --kills N [--database URL]`; the last line printed is
`lost L doubled D uncertain U kills K`. The exit code is 1 where anybody was lost or doubled.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from newsletter import config, database
from newsletter import keys as key_file
from newsletter.config import Settings
from newsletter.delivery import closing, sender
from newsletter.models import Delivery, Issue, Letter
from tests.conftest import ROOT
from tests.newsletter.delivery import office as offices
from tests.newsletter.delivery.office import Office

CONNECTIONS = 10
READERS_PER_KILL = 700
LETTER_SHARE = 50  # one letter for so many readers
KILL_AFTER = (0.2, 1.0)
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Verdict:
    """What a storm has shown."""

    lost: int
    doubled: int
    uncertain: int
    kills: int
    on_wire_kills: int

    def __str__(self) -> str:
        return f"lost {self.lost} doubled {self.doubled} uncertain {self.uncertain} kills {self.kills}"

    @property
    def holds(self) -> bool:
        """Return whether the promise was kept."""
        return not self.lost and not self.doubled and self.uncertain <= CONNECTIONS * self.kills


def run(folder: Path, *, kills: int, url: str | None = None, seed: int | None = None) -> Verdict:
    """Send one issue while killing the sender up to `kills` times, then once to its end; return the verdict."""
    dice = random.Random(seed)  # noqa: S311 - decides when to kill
    record = folder / "accepted.txt"
    record.touch()
    with _sink(record) as port:
        environment = _environment(folder, port, url)
        settings = _settings(environment)
        office = _prepare(settings, READERS_PER_KILL * kills)
        done = on_wire = 0
        for _ in range(kills):
            if not _send_and_kill(environment, record, dice.uniform(*KILL_AFTER)):
                break
            done += 1
            on_wire += _count(office, "on_wire") > 0
        _finish(environment, office)
    verdict = _judge(office, record, done, on_wire)
    _close(settings, office, verdict)
    office.engine.dispose()
    return verdict


@contextmanager
def _sink(record: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.proof.sink", str(record)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


def _environment(folder: Path, port: int, url: str | None) -> dict[str, str]:
    given = {
        "NEWSLETTER_DATA_FOLDER": str(folder / "data"),
        "NEWSLETTER_RELAY__PORT": str(port),
        "NEWSLETTER_RELAY__CONNECTIONS": str(CONNECTIONS),
        "NEWSLETTER_DELIVERY__BATCH_SIZE": "200",
        "NEWSLETTER_DELIVERY__RETRY_MINUTES": "[0.01, 0.01, 0.01]",
        "NEWSLETTER_LOG__LEVEL": "error",
    }
    return os.environ | given | ({"NEWSLETTER_DATABASE_URL": url} if url else {})


def _settings(environment: dict[str, str]) -> Settings:
    kept = dict(os.environ)
    os.environ.update(environment)
    try:
        return config.load(ROOT / "config.toml")
    finally:
        os.environ.clear()
        os.environ.update(kept)


def _prepare(settings: Settings, readers: int) -> Office:
    engine = database.connect(settings.database)
    database.upgrade(engine)
    key_file.load(settings.data_folder)
    now = datetime.now(UTC)
    office = offices.make(engine, settings, now, readers=readers)
    with database.writing(engine) as session:
        for number in range(readers // LETTER_SHARE):
            offices.add_letter(session, now, to_address=f"guest{number}@example.org")
    return office


def _send_and_kill(environment: dict[str, str], record: Path, delay: float) -> bool:
    """Let a sender run for a moment after its first message; return False where it ended by itself."""
    before = record.stat().st_size
    process = _sender(environment)
    try:
        patience = time.monotonic() + PATIENCE_SECONDS
        while record.stat().st_size == before and process.poll() is None and time.monotonic() < patience:
            time.sleep(0.005)
        time.sleep(delay)
        ended = process.poll() is not None
    finally:
        process.kill()
        process.wait()
    return not ended


def _finish(environment: dict[str, str], office: Office) -> None:
    patience = time.monotonic() + PATIENCE_SECONDS
    while _open(office) and time.monotonic() < patience:
        process = _sender(environment)
        try:
            process.wait(PATIENCE_SECONDS)
        finally:
            process.kill()
            process.wait()


def _sender(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.proof.storm", "--send"]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def _count(office: Office, *states: str) -> int:
    with database.reading(office.engine) as session:
        deliveries = session.scalars(select(Delivery.id).where(Delivery.state.in_(states))).all()
        letters = session.scalars(select(Letter.id).where(Letter.state.in_(states))).all()
    return len(deliveries) + len(letters)


def _open(office: Office) -> int:
    return _count(office, "queued", "claimed", "on_wire", "deferred")


def _judge(office: Office, record: Path, kills: int, on_wire: int) -> Verdict:
    copies = Counter(line.split("@")[0].strip("<") for line in record.read_text(encoding="ascii").splitlines())
    slug = office.issue().slug
    names = {f"{slug}.{delivery.subscription_id}": delivery.state for delivery in office.deliveries()}
    for letter in office.letters():
        written = int(letter.created_at.timestamp() * 1_000_000)
        names[f"letter.{letter.id}.{written:x}"] = letter.state
    strangers = [name for name in copies if name not in names]
    assert not strangers, strangers[:3]
    return Verdict(
        lost=sum(copies[name] == 0 and state != "uncertain" for name, state in names.items()),
        doubled=sum(count > 1 for count in copies.values()),
        uncertain=sum(state == "uncertain" for state in names.values()),
        kills=kills,
        on_wire_kills=on_wire,
    )


def _close(settings: Settings, office: Office, verdict: Verdict) -> None:
    """Let the closing report say the same."""
    uncertain_letters = sum(letter.state == "uncertain" for letter in office.letters())
    with database.writing(office.engine) as session:
        issue = session.get_one(Issue, office.issue_id)
        report = closing.close_if_done(session, settings, issue, now=datetime.now(UTC))
    assert report is not None
    assert report.uncertain + uncertain_letters == verdict.uncertain
    assert report.sent + report.uncertain == report.enlisted


def main() -> int:
    """Run a storm from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--database", help="an empty PostgreSQL database; without it SQLite in a folder of its own")
    parser.add_argument("--send", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.send:
        settings = config.load(ROOT / "config.toml")
        sender.run(settings, key_file.load(settings.data_folder), stop=lambda: False, drain=True)
        return 0
    with tempfile.TemporaryDirectory(prefix="storm-") as folder:
        verdict = run(Path(folder), kills=given.kills, url=given.database)
    sys.stdout.write(f"kills that found messages on the wire: {verdict.on_wire_kills} of {verdict.kills}\n{verdict}\n")
    return 0 if verdict.holds else 1


if __name__ == "__main__":
    sys.exit(main())
