"""Whoever decides about a correction is asked, reminded, and stood in for, like about an issue."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from jobs.tasks.corrections import ask_about_corrections
from jobs.tasks.deps import Deps
from newsletter import corrections, database, editors
from newsletter.config import Settings
from newsletter.config.approval import SeatSettings
from newsletter.keys import Keys
from newsletter.models import Editor, Letter
from tests.newsletter import newsroom
from tests.newsletter.corrections import ground as lay
from tests.newsletter.corrections.ground import AFTER, Ground
from tests.newsletter.newsroom import Office

HOUR = timedelta(hours=1)
DEPUTY = "deputy@example.org"


@pytest.fixture
def ground(engine: Engine, settings: Settings, now: datetime) -> Ground:
    seat = SeatSettings(title={"en": "Head"}, editors=("approver@example.org",), deputies=(DEPUTY,))
    chained = settings.model_copy(update={"approval": settings.approval.model_copy(update={"seats": (seat,)})})
    ground = lay.lay(newsroom.open_office(engine, chained, now))
    with database.writing(engine) as session:
        session.add(Editor(email=DEPUTY, name="Deputy", role="editor", created_at=now))
    lay.put_right(ground)
    correction_id = lay.begin(ground)
    prepared = lay.prepare(ground, correction_id)
    with database.writing(engine) as session:
        lay.ask(session, ground, correction_id, prepared)
    return ground


def _tick(office: Office, keys: Keys, at: datetime) -> int:
    return ask_about_corrections(Deps(office.settings, keys, office.engine, office.publication_id, now=lambda: at))


def _told(office: Office) -> list[tuple[str, str]]:
    with database.reading(office.engine) as session:
        letters = session.scalars(select(Letter).where(Letter.kind == "approval").order_by(Letter.id))
        return [(one.to_address, one.subject) for one in letters if "correction" in one.subject]


def test_who_was_asked_is_reminded_once_after_each_time(ground: Ground, keys: Keys) -> None:
    moments = (AFTER, AFTER + 2 * HOUR, AFTER + 3 * HOUR, AFTER + 24 * HOUR, AFTER + 25 * HOUR)

    assert [_tick(ground.office, keys, at) for at in moments] == [0, 1, 0, 1, 0]

    told = _told(ground.office)
    assert {to for to, _ in told} == {"approver@example.org"}
    assert [subject.startswith("Reminder") for _, subject in told] == [False, True, True]


def test_a_deputy_is_asked_as_soon_as_an_absence_begins(ground: Ground, keys: Keys) -> None:
    office = ground.office
    with database.writing(office.engine) as session:
        head = editors.by_email(session, "approver@example.org")
        editors.keep_absence(session, head, date(2026, 12, 1), None, by=head.id, now=AFTER)

    assert [_tick(office, keys, AFTER + HOUR) for _ in range(2)] == [1, 0]

    assert _told(office)[-1][0] == DEPUTY


def test_nobody_is_reminded_of_what_is_decided(ground: Ground, keys: Keys) -> None:
    office = ground.office
    with database.writing(office.engine) as session:
        correction = corrections.get(session, 1)
        shown = correction.frozen_hash or ""
        corrections.give(
            session, office.settings, correction, shown=shown, editor_id=office.approver_id, now=AFTER + HOUR
        )

    assert _tick(office, keys, AFTER + 3 * HOUR) == 0
