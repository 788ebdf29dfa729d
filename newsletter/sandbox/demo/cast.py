"""Who and what the demo is filled with: editors, five hundred readers, the sample issues."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from newsletter import approvals, checks, database, editors, folder, issues
from newsletter.config import Settings
from newsletter.errors import CheckFailedError
from newsletter.findings import Finding
from newsletter.folder import Redate
from newsletter.keys import Keys
from newsletter.models import Issue
from newsletter.sandbox import dates, people
from newsletter.sandbox.demo.ground import Ground
from subscribers import bits
from subscribers.consent import Evidence
from subscribers.models import Subscription
from subscribers.transfer import importing

WRITER = ("hana@example.org", "Hana Mori")
APPROVER = ("kenji@example.org", "Kenji Ono")
SAMPLES = Path(__file__).resolve().parent.parent / "office"
DAYS_OF_SHORTEST_MONTH = 28
_JAPANESE_DAY = re.compile(r"(?P<month>\d{1,2}月)(?P<day>\d{1,2})日（(?P<weekday>[月火水木金土日])）")
_NEXT_WEEKDAY = dict(zip("月火水木金土日", "火水木金土日月", strict=True))


@dataclass(frozen=True)
class Office:
    """The opened product: what the demo acts on, as an editor would by the desk."""

    ground: Ground
    settings: Settings
    keys: Keys
    engine: Engine
    publication_id: int


def fill(office: Office) -> None:
    """Add editors and readers where there are none; a demo that is started again keeps its own."""
    now = datetime.now(UTC)
    with database.writing(office.engine) as session:
        if not editors.exist(session):
            for (email, name), role in ((WRITER, "admin"), (APPROVER, "approver")):
                editors.create(session, email=email, name=name, role=role, password=office.ground.password, now=now)
        if not session.scalar(select(func.count()).select_from(Subscription)):
            _import_people(session, office, now)


def send(office: Office, sample: str, at: datetime) -> int:
    """Import a sample issue, have it approved by the one and given by the other, schedule it; return its id."""
    now = datetime.now(UTC)
    with database.writing(office.engine) as session:
        issue_id = _draft(session, office, SAMPLES / sample, at, now).id
    with database.reading(office.engine) as session:  # rendering takes seconds and must not hold the write lock
        prepared = approvals.prepare(session, office.settings, issues.get(session, issue_id))
    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        writer, approver = (editors.by_email(session, email).id for email, _ in (WRITER, APPROVER))
        checks.tick(session, issue, prepared.findings, editor_id=writer, now=now)
        approvals.ask(session, office.settings, issue, editor_id=writer, now=now, prepared=prepared)
        approvals.give(session, office.settings, issue, editor_id=approver, now=now)
        issues.schedule(session, issue, at, now=now, editor_id=writer)
    return issue_id


def ask_with_mistake(office: Office, sample: str, at: datetime, *, speak: str) -> list[Finding]:
    """Ask for approval of a sample in which one Japanese date is wrong; return what stopped it, in words of `speak`.

    Everything happens in a transaction that is taken back, so that the demo's next issue is not used up.
    """
    now = datetime.now(UTC)
    with database.writing(office.engine) as session, session.begin_nested() as attempt:
        issue = _draft(session, office, SAMPLES / sample, at, now, mistaken=True)
        try:
            prepared = approvals.prepare(session, office.settings, issue, speak=speak)
            writer = editors.by_email(session, WRITER[0]).id
            approvals.ask(session, office.settings, issue, editor_id=writer, now=now, prepared=prepared)
        except CheckFailedError as error:
            return [finding for finding in error.findings if finding.severity == "error"]
        finally:
            attempt.rollback()
    return []


def newest(session: Session) -> Issue | None:
    """Return the newest issue that goes out or has gone out; a draft on the desk is nobody's mail yet."""
    on_its_way = select(Issue).where(Issue.state.in_(("scheduled", "sending", "closed")))
    return session.scalar(on_its_way.order_by(Issue.number.desc()).limit(1))


def _import_people(session: Session, office: Office, now: datetime) -> None:
    path = office.ground.folder / "sample-readers.csv"
    people.write_csv(path)
    table = importing.read(path)
    importing.apply(
        session,
        office.publication_id,
        table.rows,
        mapping=importing.guess(table.header, languages=office.settings.publication.languages),
        bits=bits.load(session, office.publication_id),
        evidence=Evidence(method="import", note=path.name),
        basis="",
        suppression_key=office.keys.suppression,
        now=now,
    )


def _draft(
    session: Session, office: Office, sample: Path, at: datetime, now: datetime, *, mistaken: bool = False
) -> Issue:
    redate = dates.moving(sample, at.astimezone(office.settings.office.zone))
    if mistaken:
        redate = _with_mistake(redate)
    return folder.load(session, office.settings, office.publication_id, sample, editor_id=None, now=now, dates=redate)


def _with_mistake(redate: Redate) -> Redate:
    """Return `redate` that also moves the first Japanese date it meets by one day, weekday and all."""
    made = False

    def mistake(tables: dict[str, Any]) -> dict[str, Any]:
        nonlocal made
        tables = redate(tables)
        for name, text in tables.get("ja", {}).items():
            found = None if made or not isinstance(text, str) else _JAPANESE_DAY.search(text)
            if found:
                made = True
                day, weekday = int(found["day"]) % DAYS_OF_SHORTEST_MONTH + 1, _NEXT_WEEKDAY[found["weekday"]]
                wrong = f"{found['month']}{day}日（{weekday}）"
                tables = {**tables, "ja": {**tables["ja"], name: text.replace(found[0], wrong, 1)}}
        return tables

    return mistake
