"""Asking for approval: a large issue checked, rendered, inlined and frozen, and how long others wait meanwhile."""

import shutil
import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from newsletter import approvals, checks, database, editors, folder
from newsletter.models import Issue
from newsletter.sandbox import dates
from newsletter.sandbox.demo.cast import SAMPLES
from subscribers import bits, languages
from subscribers.models import Subscriber, Subscription
from tests.benchmarks import ground
from tests.benchmarks.ground import Ground

MORE_STORIES = 2
"""From the sample's next issue, after the ten of the first: twelve in all."""
ALL = ("fairs", "food", "industry", "government")
READERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "en": (ALL, ("fairs",), ("food",), ("fairs", "food"), ("industry", "government")),
    "ja": (ALL, ("fairs",), ("industry",), ("fairs", "government"), ("food", "industry")),
    "en+ja": (ALL, ("fairs", "food")),
    "ja+en": (ALL, ("industry",)),
}
"""Who reads what: fourteen combinations that occur."""
PASSWORD = "a bench of oak by the river"
LAST_STORY = '    "10-manga-contest",'
ROUNDS = 5


def ask(where: Path, *, quick: bool) -> dict[str, Any]:
    """Measure asking for the approval of 12 stories in 14 editions, its checks and its write transaction apart."""
    office = ground.make(where / "asking", readers=0, enlisted=False)
    engine, now = database.connect(office.settings.database), datetime.now(UTC)
    with database.writing(engine) as session:
        editor = editors.create(
            session, email="editor@example.org", name="Editor", role="editor", password=PASSWORD, now=now
        )
        session.flush()
        editor_id = editor.id
        _add_readers(session, office, now)
    _round(where, office, engine, editor_id)  # a server has its templates and sentences read by then
    rounds = [_round(where, office, engine, editor_id) for _ in range(2 if quick else ROUNDS)]
    engine.dispose()
    return {
        "editions": rounds[0]["editions"],
        "seconds": round(statistics.median(one["seconds"] for one in rounds), 2),
        "processor_seconds": round(statistics.median(one["processor"] for one in rounds), 2),
        "checking_seconds": round(statistics.median(one["checks"] for one in rounds), 2),
        "write_lock_milliseconds": round(statistics.median(one["lock"] for one in rounds), 1),
        "write_lock_processor_milliseconds": round(max(one["lock_processor"] for one in rounds), 1),
    }


def _round(where: Path, office: Ground, engine: Engine, editor_id: int) -> dict[str, float]:
    settings, now = office.settings, datetime.now(UTC)
    with database.writing(engine) as session:
        issue_id = _draft(session, office, where, now).id
    with database.reading(engine) as session:
        begun = time.perf_counter()
        findings = checks.run(session, settings, session.get_one(Issue, issue_id))
    checked = time.perf_counter() - begun
    with database.writing(engine) as session:
        checks.tick(session, session.get_one(Issue, issue_id), findings, editor_id=editor_id, now=now)
    begun, used = time.perf_counter(), time.process_time()
    with database.reading(engine) as session:
        ready = approvals.prepare(session, settings, session.get_one(Issue, issue_id))
    if ready.frozen is None:
        message = f"the issue is not ready: {[one.message for one in ready.findings if one.severity == 'error']}"
        raise RuntimeError(message)
    with database.writing(engine) as session:
        locked, used_before = time.perf_counter(), time.process_time()
        issue = session.get_one(Issue, issue_id)
        approvals.ask(session, settings, issue, editor_id=editor_id, now=now, prepared=ready)
    ended, used_after = time.perf_counter(), time.process_time()
    return {
        "editions": len(ready.frozen.editions),
        "seconds": ended - begun,
        "checks": checked,
        "processor": used_after - used,
        "lock": 1000 * (ended - locked),
        "lock_processor": 1000 * (used_after - used_before),
    }


def _draft(session: Session, office: Ground, where: Path, now: datetime) -> Issue:
    settings, at = office.settings, now + timedelta(days=7)
    large = _large(where / "office")
    redate = dates.moving(large, at.astimezone(settings.office.zone))
    return folder.load(session, settings, office.publication_id, large, editor_id=None, now=now, dates=redate)


def _large(where: Path) -> Path:
    """Return the folder of the sample issue with stories of the next one after its own."""
    issue = where / "issue"
    if not where.exists():
        shutil.copytree(SAMPLES, where)
        told = issue / "issue.toml"
        words = told.read_text(encoding="utf-8")
        for story in sorted((where / "next").glob("0*.toml"))[:MORE_STORIES]:
            shutil.copy(story, issue / f"next-{story.name}")
            words = words.replace(LAST_STORY, f'{LAST_STORY}\n    "next-{story.stem}",')
        told.write_text(words, encoding="utf-8")
    return issue


def _add_readers(session: Session, office: Ground, now: datetime) -> None:
    known = bits.load(session, office.publication_id)
    for number, (wish, topics) in enumerate((wish, topics) for wish, listed in READERS.items() for topics in listed):
        own, *second = languages.of(wish)
        email = f"chosen{number}@example.org"
        reader = Subscriber(
            subject=f"chosen{number}",
            email=email,
            email_key=email,
            language=own,
            second_language="".join(second),
            created_at=now,
        )
        session.add(
            Subscription(
                publication_id=office.publication_id,
                subscriber=reader,
                state="active",
                state_at=now,
                topics=known.topic_mask(topics),
            )
        )
