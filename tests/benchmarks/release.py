"""An issue's way out: rendering the sample, and from its due time to the first byte at the mail server."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from newsletter import approvals, checks, database, editors, folder, freezing, issues
from newsletter.models import Issue
from newsletter.sandbox import dates
from newsletter.sandbox.demo.cast import SAMPLES
from tests.benchmarks import ground, sinks
from tests.benchmarks.ground import Ground
from tests.conftest import ROOT

SAMPLE = "issue"
PASSWORD = "a bench of oak by the river"
LEAD_SECONDS = 8.0
"""How long before the due time the program is started."""
PATIENCE_SECONDS = 60.0


def render(where: Path, *, quick: bool) -> dict[str, Any]:
    """Measure rendering the sample issue for every edition of its audience, and storing it."""
    office = ground.make(where / "rendering", readers=100 if quick else 1000, enlisted=False)
    engine = database.connect(office.settings.database)
    now = datetime.now(UTC)
    with database.writing(engine) as session:
        issue = _draft(session, office, now + timedelta(days=7), now)
        begun = time.perf_counter()
        frozen = freezing.render(session, office.settings, issue)
        rendered = time.perf_counter()
        freezing.store(session, office.settings, issue, frozen, now=now)
        stored = time.perf_counter()
    engine.dispose()
    count = len(frozen.editions)
    return {
        "editions": count,
        "rendering_seconds": round(rendered - begun, 2),
        "seconds_per_edition": round((rendered - begun) / count, 3),
        "storing_seconds": round(stored - rendered, 3),
    }


def punctual(where: Path, *, quick: bool) -> dict[str, Any]:
    """Measure how long after an issue's due time `newsletter serve` sends the first byte of its mail."""
    readers = 10_000 if quick else 100_000
    office = ground.make(where / "punctual", readers=readers, enlisted=False)
    with sinks.lean(where) as port:
        due = _schedule(office)
        environment = ground.environment(office.folder, port) | {"NEWSLETTER_WEB__PORT": str(sinks.free_port())}
        command = [sys.executable, "-m", "newsletter", "--config", str(ROOT / "config.toml")]
        command += ["serve", "--parent", str(os.getpid())]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            first = _first_byte(port, due)
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    return {"readers": readers, "seconds": round(first - due, 2)}


def _first_byte(port: int, due: float) -> float:
    while not (seen := sinks.counted(port)).first:
        if time.time() > due + PATIENCE_SECONDS:
            message = "the issue did not leave"
            raise RuntimeError(message)
        time.sleep(0.1)
    return seen.first


def _schedule(office: Ground) -> float:
    """Have the sample approved and due soon; return when."""
    engine = database.connect(office.settings.database)
    now = datetime.now(UTC)
    with database.writing(engine) as session:
        session.get_one(Issue, office.issue_id).state = "sent"  # the benchmark's own issue is over
        issue = _draft(session, office, now + timedelta(hours=1), now)
        people = [
            editors.create(session, email=f"{role}@example.org", name=role, role=role, password=PASSWORD, now=now)
            for role in ("editor", "approver")
        ]
        session.flush()
        prepared = approvals.prepare(session, office.settings, issue)
        editor, approver = (person.id for person in people)
        checks.tick(session, issue, prepared.findings, editor_id=editor, now=now)
        approvals.ask(session, office.settings, issue, editor_id=editor, now=now, prepared=prepared)
        approvals.give(session, office.settings, issue, editor_id=approver, now=now)
        moment = datetime.now(UTC)
        due = moment + timedelta(seconds=LEAD_SECONDS)
        issues.schedule(session, issue, due, now=moment, editor_id=editor)
    engine.dispose()
    return due.timestamp()


def _draft(session: Session, office: Ground, at: datetime, now: datetime) -> Issue:
    sample, settings = SAMPLES / SAMPLE, office.settings
    redate = dates.moving(sample, at.astimezone(settings.office.zone))
    return folder.load(session, settings, office.publication_id, sample, editor_id=None, now=now, dates=redate)
